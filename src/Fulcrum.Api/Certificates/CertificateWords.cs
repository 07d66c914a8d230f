using Fulcrum.Engine.Deriving.Certificates;

namespace Fulcrum.Api.Certificates;

/// <summary>The words of certificates' documents.</summary>
internal static class CertificateWords
{
    public static string Of(CertificateState state) =>
        state == CertificateState.NotYetValid ? "not-yet-valid" : state.ToString().ToLowerInvariant();
}

using Fulcrum.Model.Tls;

namespace Fulcrum.Health.Tls;

/// <summary>The files of a <see cref="TlsConnection"/>: what is read for one serves all with the same files.</summary>
/// <param name="Authorities">Null: the system's authorities, or none are needed.</param>
internal sealed record TlsFiles(string? Authorities, CertificateReference? Certificate)
{
    public static TlsFiles Of(TlsConnection tls) =>
        new(tls.Verify == TlsVerify.Authorities ? tls.Authorities : null, tls.Certificate);

    public IEnumerable<string> Paths => new[] { Authorities }.OfType<string>().Concat(Certificate?.Files ?? []);
}

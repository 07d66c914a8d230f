using Fulcrum.Model.Tls;

namespace Fulcrum.Acme.Proofs;

/// <summary>Which way is chosen.</summary>
internal static class Provers
{
    /// <param name="tls">The one that planes ask: it stays when settings change.</param>
    public static IProver Of(AcmeSettings settings, TlsProver tls, AcmeLimits limits) =>
        settings.Challenge switch
        {
            AcmeMethod.Http when settings.HttpListen is { } place => new HttpProver(place),
            AcmeMethod.Dns when !settings.DnsHook.IsEmpty => new DnsProver(settings.DnsHook, limits.Hook),
            _ => tls,
        };
}

using Fulcrum.Model.Upstreams;

namespace Fulcrum.Model.Validation;

/// <summary>Each kind of tunnel has options of its own.</summary>
internal static class TunnelRules
{
    private static readonly int DefaultPort = new Tunnel().Port;

    public static void Check(Findings findings, Snapshot snapshot) => ConnectWalk.Each(findings, snapshot, Check);

    private static void Check(Findings findings, ConnectOptions connect)
    {
        if (connect.Tunnel is not { } tunnel)
        {
            return;
        }

        using var field = findings.In("tunnel");
        if (tunnel.Kind != TunnelKind.Gue && tunnel.Port != DefaultPort)
        {
            using var port = findings.In("port");
            findings.Error($"{Word(tunnel.Kind)} has no ports", "'kind: gue', or no 'port'");
        }

        if (tunnel is { Kind: TunnelKind.Ipip, Checksum: true })
        {
            using var checksum = findings.In("checksum");
            findings.Error("ipip has no checksum", "'kind: gre' or 'kind: gue', or no 'checksum'");
        }
    }

    private static string Word(TunnelKind kind) => kind.ToString().ToLowerInvariant();
}

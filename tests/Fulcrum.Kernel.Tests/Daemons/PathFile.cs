using Fulcrum.Kernel.Tests.Kit;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>Services whose backends are asked both directly and by the way that clients take.</summary>
internal static class PathFile
{
    public static string Of(params ReadOnlySpan<RealServer> servers) =>
        $$"""
            defaults:
              check: { interval: 2s, timeout: 1500ms, rise: 1 }
            services:
            {{Services(isSix: false, servers)}}
            {{Services(isSix: true, servers)}}
            """;

    private static string Services(bool isSix, ReadOnlySpan<RealServer> servers)
    {
        var number = isSix ? 6 : 4;
        var vip = isSix ? $"[{Lab.Vip6}]" : $"{Lab.Vip}";
        var backends = new List<string>();
        foreach (var server in servers)
        {
            backends.Add($"{{ name: {server.Name}, address: '{server.Address(isSix)}' }}");
        }

        var list = string.Join(", ", backends);
        return $$"""
              direct{{number}}:
                listen: 'tcp://{{vip}}:80'
                forward: dsr
                checks: [{ tcp: {} }, { name: path, http: /, via: forwarding }]
                backends: [{{list}}]
              wrapped{{number}}:
                listen: 'tcp://{{vip}}:82'
                forward: tunnel
                checks: [{ tcp: {} }, { name: path, tcp: {}, via: forwarding }]
                backends: [{{list}}]
              datagrams{{number}}:
                listen: 'udp://{{vip}}:53'
                forward: dsr
                checks: [{ tcp: {}, port: 80 }, { name: path, udp: { send: "who?" }, via: forwarding }]
                backends: [{{list}}]
            """;
    }
}

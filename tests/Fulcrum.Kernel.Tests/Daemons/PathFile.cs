using System.Net;
using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>Services whose backends are asked both directly and by the way that clients take.</summary>
internal static class PathFile
{
    /// <param name="director">Whose address on the clients' side probes to the other family come from.</param>
    public static string Of(Host director, params ReadOnlySpan<RealServer> servers) =>
        $$"""
            defaults:
              check: { interval: 2s, timeout: 1500ms, rise: 1 }
            services:
            {{Services(isSix: false, director.Address, servers)}}
            {{Services(isSix: true, director.Address6, servers)}}
            """;

    // Answers of IPv4 from a vip have a leave of their own on each interface; that of the clients' side is for the other
    // family alone.
    private static string Services(bool isSix, IPAddress source, ReadOnlySpan<RealServer> servers)
    {
        var number = isSix ? 6 : 4;
        var vip = isSix ? $"[{Lab.Vip6}]" : $"{Lab.Vip}";
        var list = List(servers, server => server.Host.Link, isSix);
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
              mixed{{number}}:
                listen: 'tcp://{{vip}}:83'
                forward: tunnel
                checks: [{ name: path, tcp: {}, via: forwarding, source: '{{source}}' }]
                backends: [{{List(servers, server => server.Host.Links[isSix ? 0 : 1], !isSix)}}]
              datagrams{{number}}:
                listen: 'udp://{{vip}}:53'
                forward: dsr
                checks: [{ tcp: {}, port: 80 }, { name: path, udp: { send: "who?" }, via: forwarding }]
                backends: [{{list}}]
            """;
    }

    private static string List(ReadOnlySpan<RealServer> servers, Func<RealServer, Link> by, bool isSix)
    {
        var backends = new List<string>();
        foreach (var server in servers)
        {
            var address = isSix ? by(server).Address6 : by(server).Address;
            backends.Add($"{{ name: {server.Name}, address: '{address}' }}");
        }

        return string.Join(", ", backends);
    }
}

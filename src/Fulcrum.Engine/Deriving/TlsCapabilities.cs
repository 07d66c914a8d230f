using Fulcrum.Model;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;

namespace Fulcrum.Engine.Deriving;

/// <summary>What this version cannot carry out of TLS: it is spoken between streams only.</summary>
internal static class TlsCapabilities
{
    public static void Check(Findings findings, Snapshot snapshot, Service service)
    {
        var (secured, messages) = (
            service.Listeners.Any(listener => listener.Protocol == ListenerProtocol.Tls),
            service.Listeners.Any(listener =>
                listener.HearsDatagrams || listener.Protocol == ListenerProtocol.UnixSeqpacket
            )
        );
        foreach (var name in RouteWalk.UpstreamsOf(snapshot, service))
        {
            if (snapshot.Upstreams.Find(name) is not { } upstream)
            {
                continue;
            }

            if (secured && KeepsMessages(upstream, snapshot.Defaults.Connect))
            {
                Capabilities.Report(findings, $"TLS from clients to what takes messages, as upstream '{name}' has it,");
            }

            if (messages && IsSecured(upstream, snapshot.Defaults.Connect))
            {
                Capabilities.Report(findings, $"TLS for clients that send messages, as upstream '{name}' has it,");
            }
        }
    }

    public static void Check(Findings findings, Upstream upstream, ConnectOptions? defaults)
    {
        if (IsSecured(upstream, defaults) && (KeepsMessages(upstream, defaults) || IsNoSocket(upstream, defaults)))
        {
            using var connect = findings.In("connect");
            Capabilities.Report(findings, "TLS to what is no stream socket");
        }
    }

    /// <summary>Some backend is spoken to by TLS.</summary>
    public static bool IsSecured(Upstream upstream, ConnectOptions? defaults) =>
        (upstream.Connect?.Tls ?? defaults?.Tls) is not null
        || upstream.Backends.Any(backend => backend.Connect?.Tls is not null);

    private static bool KeepsMessages(Upstream upstream, ConnectOptions? defaults) =>
        DatagramCapabilities
            .ProtocolsOf(upstream, defaults)
            .Any(one => one is ConnectProtocol.Udp or ConnectProtocol.UnixDatagram or ConnectProtocol.UnixSeqpacket);

    private static bool IsNoSocket(Upstream upstream, ConnectOptions? defaults) =>
        DatagramCapabilities
            .ProtocolsOf(upstream, defaults)
            .Any(one => one is ConnectProtocol.Pipe or ConnectProtocol.Exec);
}

using Fulcrum.Model.Checks;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Health.Tests.Adversaries;

/// <summary>Probes by a word, for tables.</summary>
internal static class ProbeKinds
{
    public static ProbeSpec Of(string word, TlsConnection? tls = null) =>
        word switch
        {
            "tcp" => new TcpProbe(),
            "tls" => new TcpProbe { Tls = tls },
            "tcp-send" => new TcpProbe { Send = "bye\n" },
            "tcp-expect" => new TcpProbe { Send = "PING\n", Expect = new(TextPatternKind.Exact, "PONG") },
            "tcp-pattern" => new TcpProbe { Expect = new(TextPatternKind.Expression, "ready [0-9]+") },
            "http" => new HttpProbe(),
            "http-body" => new HttpProbe { Expect = new(TextPatternKind.Expression, "all well") },
            "https" => new HttpProbe { Tls = tls },
            "https-body" => new HttpProbe { Tls = tls, Expect = new(TextPatternKind.Expression, "all well") },
            "http2" => new HttpProbe { Version = HttpProbeVersion.Http2 },
            "grpc" => new GrpcProbe(),
            "grpcs" => new GrpcProbe { Tls = tls },
            "dns" => new DnsProbe { Query = "example.com" },
            "dns-tcp" => new DnsProbe { Query = "example.com", OverTcp = true },
            "udp" => new UdpProbe { Send = "ping" },
            "udp-expect" => new UdpProbe { Send = "ping", Expect = new(TextPatternKind.Exact, "pong") },
            "agent" => new AgentProbe(),
            _ => new GreetingProbe(word),
        };
}

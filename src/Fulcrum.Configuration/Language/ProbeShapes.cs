using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Tls;

namespace Fulcrum.Configuration.Language;

/// <summary>The questions that a check can ask, each under a key of its own.</summary>
internal static class ProbeShapes
{
    public static HttpProbe HttpsBlank { get; } = new() { Tls = new TlsConnection() };

    private static readonly ScalarShape<string> HttpPath = new("a path such as /healthz", ParsePath, path => path)
    {
        Pattern = @"/\S*",
    };

    private static readonly ScalarShape<string> RecordType = Words.From(
        "A",
        "AAAA",
        "CAA",
        "CNAME",
        "MX",
        "NS",
        "PTR",
        "SOA",
        "SRV",
        "TXT"
    );

    private static readonly Shape<IcmpProbe> Icmp = new ObjectShape<IcmpProbe>(
        "icmp-probe",
        "An echo request (ping).",
        new IcmpProbe()
    );

    private static readonly Shape<TcpProbe> Tcp = new ObjectShape<TcpProbe>(
        "tcp-probe",
        "A connection, and what is said on it.",
        new TcpProbe()
    )
        .Field(
            "send",
            Scalars.Text,
            probe => probe.Send,
            (probe, value) => probe with { Send = value },
            "What is sent once connected."
        )
        .Field(
            "expect",
            Patterns.Answer,
            probe => probe.Expect,
            (probe, value) => probe with { Expect = value },
            "How the answer begins, or ~ and an expression that it matches."
        )
        .Field(
            "tls",
            TlsShapes.Connection.OrSwitch(),
            probe => probe.Tls,
            (probe, value) => probe with { Tls = value },
            "TLS below what is said."
        );

    private static readonly Shape<UdpProbe> Udp = new ObjectShape<UdpProbe>(
        "udp-probe",
        "A datagram and its answer.",
        new UdpProbe()
    )
        .Field(
            "send",
            Scalars.Text,
            probe => probe.Send,
            (probe, value) => probe with { Send = value },
            "What is sent."
        )
        .Field(
            "expect",
            Patterns.Answer,
            probe => probe.Expect,
            (probe, value) => probe with { Expect = value },
            "How the answer begins, or ~ and an expression; left out: any answer will do."
        );

    private static readonly ObjectShape<HttpProbe> HttpObject = HttpKeys(
        new ObjectShape<HttpProbe>(
            "http-probe",
            "A request over HTTP; redirects are judged by their code, not followed.",
            new HttpProbe()
        )
    );

    private static readonly ObjectShape<HttpProbe> HttpsObject = HttpKeys(
            new ObjectShape<HttpProbe>("https-probe", "A request over HTTP and TLS.", HttpsBlank)
        )
        .Field(
            "tls",
            TlsShapes.Connection,
            probe => probe.Tls,
            (probe, value) => probe with { Tls = value },
            "How the backend is verified."
        );

    private static readonly Shape<GrpcProbe> Grpc = new ObjectShape<GrpcProbe>(
        "grpc-probe",
        "grpc.health.v1.Health/Check.",
        new GrpcProbe()
    )
        .Field(
            "service",
            Scalars.Text,
            probe => probe.Service,
            (probe, value) => probe with { Service = value },
            "The service asked for; empty: the whole server."
        )
        .Field(
            "tls",
            TlsShapes.Connection.OrSwitch(),
            probe => probe.Tls,
            (probe, value) => probe with { Tls = value },
            "Over TLS."
        );

    private static readonly Shape<DnsProbe> Dns = new ObjectShape<DnsProbe>(
        "dns-probe",
        "A DNS question.",
        new DnsProbe { Query = null! }
    )
        .Required(
            "query",
            Networks.HostName,
            probe => probe.Query,
            (probe, value) => probe with { Query = value },
            "The name asked for."
        )
        .Field(
            "type",
            RecordType,
            probe => probe.Type,
            (probe, value) => probe with { Type = value },
            "The record type."
        )
        .Field(
            "over-tcp",
            Scalars.Boolean,
            probe => probe.OverTcp,
            (probe, value) => probe with { OverTcp = value },
            "Over TCP instead of UDP."
        )
        .Field(
            "expect",
            Scalars.Line.List(),
            probe => probe.Expect,
            (probe, value) => probe with { Expect = value },
            "Each of these must be among the answers; left out: any answer without an error."
        )
        .Field(
            "only",
            Scalars.Boolean,
            probe => probe.Only,
            (probe, value) => probe with { Only = value },
            "There must be no answers beside the expected ones."
        );

    private static readonly Shape<RadiusProbe> Radius = new ObjectShape<RadiusProbe>(
        "radius-probe",
        "A question to a RADIUS server.",
        new RadiusProbe { Secret = null! }
    )
        .Required(
            "secret",
            SecretShape.Shape,
            probe => probe.Secret,
            (probe, value) => probe with { Secret = value },
            "The secret shared with the server."
        )
        .Field(
            "method",
            Words.Of<RadiusMethod>(),
            probe => probe.Method,
            (probe, value) => probe with { Method = value },
            "An Access-Request with the password hidden (pap, default) or a challenge (chap), or Status-Server (status)."
        )
        .Field(
            "user",
            Scalars.Line,
            probe => probe.User,
            (probe, value) => probe with { User = value },
            "The user's name; not for status."
        )
        .Field(
            "password",
            SecretShape.Shape,
            probe => probe.Password,
            (probe, value) => probe with { Password = value },
            "The user's password; not for status."
        )
        .Field(
            "nas",
            Scalars.Line,
            probe => probe.Nas,
            (probe, value) => probe with { Nas = value },
            "What we call ourselves (NAS-Identifier); left out: the node's name."
        )
        .Field(
            "expect",
            Words.Of<RadiusOutcome>(),
            probe => probe.Expect,
            (probe, value) => probe with { Expect = value },
            "The answer that is healthy."
        );

    private static readonly Shape<ExecProbe> Exec = new ObjectShape<ExecProbe>(
        "exec-probe",
        "A program: exit status 0 is healthy.",
        new ExecProbe()
    )
        .Required(
            "command",
            Scalars.Text.Some(),
            probe => probe.Command,
            (probe, value) => probe with { Command = value },
            "The program and its arguments; no shell."
        )
        .Field(
            "environment",
            Maps.Labels,
            probe => probe.Environment,
            (probe, value) => probe with { Environment = value },
            "Variables that it gets."
        )
        .Field(
            "expect",
            Patterns.Answer,
            probe => probe.Expect,
            (probe, value) => probe with { Expect = value },
            "What it must print to be healthy; left out: only the exit status counts."
        )
        .Field(
            "reject",
            Patterns.Answer,
            probe => probe.Reject,
            (probe, value) => probe with { Reject = value },
            "What it prints when the backend is not healthy; with both, what is neither changes nothing."
        )
        .OrSome(Scalars.Text, command => new ExecProbe { Command = command }, probe => probe.Command);

    private static readonly Shape<AgentProbe> Agent = new ObjectShape<AgentProbe>(
        "agent-probe",
        "A line from an agent on the backend that tells weight and state (HAProxy's agent-check).",
        new AgentProbe()
    ).Field(
        "send",
        Scalars.Text,
        probe => probe.Send,
        (probe, value) => probe with { Send = value },
        "What is sent first."
    );

    public static ObjectShape<Check> AddTo(ObjectShape<Check> check)
    {
        Add("icmp", Icmp, "An echo request (ping).");
        Add("tcp", Tcp, "A connection, and what is said on it.");
        Add("udp", Udp, "A datagram and its answer.");
        AddHttp("http", HttpObject, false, "A request over HTTP; a path alone is short for { path: ... }.");
        AddHttp("https", HttpsObject, true, "A request over HTTPS; a path alone is short for { path: ... }.");
        Add("grpc", Grpc, "gRPC's own health check.");
        Add("dns", Dns, "A DNS question.");
        Add("radius", Radius, "A RADIUS Access-Request.");
        Add("exec", Exec, "A program: exit status 0 is healthy; a list alone is short for { command: ... }.");
        Add("agent", Agent, "A line from an agent on the backend.");
        foreach (var protocol in GreetingProbe.Protocols)
        {
            var about = $"What a {protocol} server says first, or answers to a fixed question.";
            var shape = new ObjectShape<GreetingProbe>($"{protocol}-probe", about, new GreetingProbe(protocol));
            if (protocol is "mysql" or "postgresql")
            {
                shape.Field(
                    "user",
                    Scalars.Line,
                    probe => probe.User,
                    (probe, value) => probe with { User = value },
                    "Whom the server is asked for; any answer about him will do."
                );
            }

            check.Case(
                protocol,
                shape,
                value => value.Probe is GreetingProbe greeting && greeting.Protocol == protocol ? greeting : null,
                (value, probe) => value with { Probe = probe },
                about
            );
        }

        return check;

        void Add<TProbe>(string key, Shape<TProbe> shape, string about)
            where TProbe : ProbeSpec =>
            check.Case(
                key,
                shape,
                value => value.Probe as TProbe,
                (value, probe) => value with { Probe = probe },
                about
            );

        void AddHttp(string key, ObjectShape<HttpProbe> shape, bool isTls, string about) =>
            check.Case(
                key,
                shape.Or(HttpPath, path => shape.Blank with { Path = path }, probe => probe.Path),
                value => value.Probe is HttpProbe http && http.Tls is not null == isTls ? http : null,
                (value, probe) => value with { Probe = probe },
                about
            );
    }

    private static ObjectShape<HttpProbe> HttpKeys(ObjectShape<HttpProbe> shape) =>
        shape
            .Field(
                "path",
                HttpPath,
                probe => probe.Path,
                (probe, value) => probe with { Path = value },
                "The path, with the query."
            )
            .Field(
                "version",
                Words.Of((HttpProbeVersion.Http1, "1.1"), (HttpProbeVersion.Http2, "2")),
                probe => probe.Version,
                (probe, value) => probe with { Version = value },
                "HTTP/1.1, or HTTP/2; without TLS by prior knowledge."
            )
            .Field(
                "method",
                Scalars.Word,
                probe => probe.Method,
                (probe, value) => probe with { Method = value },
                "The method."
            )
            .Field(
                "host",
                Scalars.Word,
                probe => probe.Host,
                (probe, value) => probe with { Host = value },
                "The Host header; left out: the backend's address and port."
            )
            .Field(
                "headers",
                Maps.Headers,
                probe => probe.Headers,
                (probe, value) => probe with { Headers = value },
                "Further headers."
            )
            .Field(
                "body",
                Scalars.Text,
                probe => probe.Body,
                (probe, value) => probe with { Body = value },
                "The body of the request."
            )
            .Field(
                "codes",
                Networks.Codes.List(),
                probe => probe.Codes,
                (probe, value) => probe with { Codes = value },
                "Codes that are healthy; left out: 200 to 399."
            )
            .Field(
                "expect",
                Patterns.Answer,
                probe => probe.Expect,
                (probe, value) => probe with { Expect = value },
                "How the body begins, or ~ and an expression that it matches."
            )
            .Field(
                "proxy-form",
                Scalars.Boolean,
                probe => probe.ProxyForm,
                (probe, value) => probe with { ProxyForm = value },
                "The request names a whole URL, as one asks a proxy."
            );

    private static bool ParsePath(string text, out string value, out string? why)
    {
        value = text;
        why = null;
        return text.StartsWith('/') && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));
    }
}

using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Checks;

/// <summary>The question that a check asks; one record for each kind.</summary>
public abstract record ProbeSpec
{
    /// <summary>The word for it in the language.</summary>
    public abstract string Kind { get; }
}

/// <summary>An echo request (RFC 792, RFC 4443).</summary>
public sealed record IcmpProbe : ProbeSpec
{
    public override string Kind => "icmp";
}

/// <summary>A connection, and what is said on it.</summary>
public sealed record TcpProbe : ProbeSpec
{
    public override string Kind => "tcp";

    public string? Send { get; init; }

    /// <summary>Exact: the answer begins with it. Expression: it matches somewhere.</summary>
    public TextPattern? Expect { get; init; }

    /// <summary>TLS below what is said.</summary>
    public TlsConnection? Tls { get; init; }
}

/// <summary>A datagram and its answer.</summary>
public sealed record UdpProbe : ProbeSpec
{
    public override string Kind => "udp";

    public string Send { get; init; } = "";

    /// <summary>Null: any answer will do.</summary>
    public TextPattern? Expect { get; init; }
}

public enum HttpProbeVersion
{
    Http1,

    /// <summary>Without TLS by prior knowledge (RFC 9113 section 3.3).</summary>
    Http2,
}

/// <summary>A request over HTTP. Redirects are judged by their code, not followed.</summary>
public sealed record HttpProbe : ProbeSpec
{
    public override string Kind => Tls is null ? "http" : "https";

    public HttpProbeVersion Version { get; init; }

    public string Method { get; init; } = "GET";

    public string Path { get; init; } = "/";

    /// <summary>Null: the backend's address and port.</summary>
    public string? Host { get; init; }

    public Labels Headers { get; init; } = Labels.Empty;

    public string? Body { get; init; }

    /// <summary>Codes that are healthy. Empty: 200 to 399.</summary>
    public Items<PortRange> Codes { get; init; }

    /// <summary>Exact: the body begins with it. Expression: it matches somewhere.</summary>
    public TextPattern? Expect { get; init; }

    public TlsConnection? Tls { get; init; }

    /// <summary>The request names a whole URL, as one asks a proxy. The connection still goes to the backend.</summary>
    public bool ProxyForm { get; init; }
}

/// <summary>grpc.health.v1.Health/Check.</summary>
public sealed record GrpcProbe : ProbeSpec
{
    public override string Kind => "grpc";

    public string Service { get; init; } = "";

    public TlsConnection? Tls { get; init; }
}

public sealed record DnsProbe : ProbeSpec
{
    public override string Kind => "dns";

    public required string Query { get; init; }

    public string Type { get; init; } = "A";

    public bool OverTcp { get; init; }

    /// <summary>Each of these must be among the answers. Empty: any answer without an error.</summary>
    public Items<string> Expect { get; init; }

    /// <summary>There must be no answers beside the expected ones.</summary>
    public bool Only { get; init; }
}

public enum RadiusOutcome
{
    Accept,
    Reject,
    Challenge,
    Any,
}

/// <summary>How a RADIUS server is asked.</summary>
public enum RadiusMethod
{
    /// <summary>An Access-Request with the password hidden (RFC 2865 section 5.2).</summary>
    Pap,

    /// <summary>An Access-Request with a challenge (RFC 2865 section 5.3).</summary>
    Chap,

    /// <summary>Status-Server (RFC 5997): asks for nobody in particular.</summary>
    Status,
}

/// <summary>A question to a RADIUS server.</summary>
public sealed record RadiusProbe : ProbeSpec
{
    public override string Kind => "radius";

    public RadiusMethod Method { get; init; }

    /// <summary>Null only for <see cref="RadiusMethod.Status"/>.</summary>
    public string? User { get; init; }

    /// <summary>Null only for <see cref="RadiusMethod.Status"/>.</summary>
    public SecretReference? Password { get; init; }

    public required SecretReference Secret { get; init; }

    /// <summary>What we call ourselves (NAS-Identifier). Null: the node's name.</summary>
    public string? Nas { get; init; }

    public RadiusOutcome Expect { get; init; }
}

/// <summary>The greeting of a server that speaks first or answers a fixed question.</summary>
public sealed record GreetingProbe(string Protocol) : ProbeSpec
{
    /// <summary>Whom mysql and postgresql are asked for; any answer about him will do. Null: fulcrum.</summary>
    public string? User { get; init; }

    /// <summary>The protocols that have one.</summary>
    public static Items<string> Protocols { get; } = ["mysql", "postgresql", "redis", "smtp", "ldap"];

    public override string Kind => Protocol;
}

/// <summary>A program: exit status 0 is healthy.</summary>
public sealed record ExecProbe : ProbeSpec
{
    public override string Kind => "exec";

    /// <summary>The program and its arguments; no shell.</summary>
    public Items<string> Command { get; init; }

    public Labels Environment { get; init; } = Labels.Empty;

    /// <summary>What it must print to be healthy. Null: only the exit status counts.</summary>
    public TextPattern? Expect { get; init; }

    /// <summary>
    /// What it prints when the backend is not healthy. With both set, what is neither changes nothing.
    /// </summary>
    public TextPattern? Reject { get; init; }
}

/// <summary>A line from an agent on the backend that tells weight and state (HAProxy's agent-check).</summary>
public sealed record AgentProbe : ProbeSpec
{
    public override string Kind => "agent";

    public string Send { get; init; } = "";
}

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

/// <summary>A request over HTTP/1.1. Redirects are judged by their code, not followed.</summary>
public sealed record HttpProbe : ProbeSpec
{
    public override string Kind => Tls is null ? "http" : "https";

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
}

public enum RadiusOutcome
{
    Accept,
    Reject,
    Challenge,
    Any,
}

/// <summary>An Access-Request (RFC 2865).</summary>
public sealed record RadiusProbe : ProbeSpec
{
    public override string Kind => "radius";

    public required string User { get; init; }

    public required SecretReference Password { get; init; }

    public required SecretReference Secret { get; init; }

    public RadiusOutcome Expect { get; init; }
}

/// <summary>The greeting of a server that speaks first or answers a fixed question.</summary>
public sealed record GreetingProbe(string Protocol) : ProbeSpec
{
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
}

/// <summary>A line from an agent on the backend that tells weight and state (HAProxy's agent-check).</summary>
public sealed record AgentProbe : ProbeSpec
{
    public override string Kind => "agent";

    public string Send { get; init; } = "";
}

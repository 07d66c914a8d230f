using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Discovery;

public enum DiscoveryFailure
{
    /// <summary>What was known stays.</summary>
    Keep,

    /// <summary>Nothing is known.</summary>
    Empty,
}

/// <summary>Where backends are found at run time.</summary>
public sealed record DiscoverySpec
{
    public required DiscoverySource Source { get; init; }

    /// <summary>Zero: once, at start.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public DiscoveryFailure OnFailure { get; init; }

    /// <summary>An answer with fewer counts as a failure.</summary>
    public int Minimum { get; init; }
}

public abstract record DiscoverySource;

public enum DnsRecordType
{
    /// <summary>SRV for names that begin with an underscore, else addresses.</summary>
    Auto,
    Srv,
    Address,
}

public sealed record DnsDiscovery : DiscoverySource
{
    public required string Name { get; init; }

    public DnsRecordType Type { get; init; }

    /// <summary>Null: the system's resolvers.</summary>
    public string? Server { get; init; }

    public bool OverTcp { get; init; }

    /// <summary>For address records.</summary>
    public int? Port { get; init; }
}

/// <summary>A JSON array over HTTP; patterns are paths inside each element.</summary>
public sealed record JsonDiscovery : DiscoverySource
{
    public required Uri Url { get; init; }

    public Labels Fields { get; init; } = Labels.Empty;
}

/// <summary>Lines over HTTP, taken apart by named groups of an expression.</summary>
public sealed record PlaintextDiscovery : DiscoverySource
{
    public required Uri Url { get; init; }

    public string? Expression { get; init; }
}

/// <summary>Lines that a program prints.</summary>
public sealed record ExecDiscovery(Items<string> Command) : DiscoverySource;

public sealed record ConsulDiscovery : DiscoverySource
{
    public required Uri Url { get; init; }

    public required string Service { get; init; }

    public string? Tag { get; init; }

    public string? Datacenter { get; init; }

    public bool PassingOnly { get; init; } = true;

    public SecretReference? Token { get; init; }

    public TlsConnection? Tls { get; init; }
}

public sealed record DockerDiscovery : DiscoverySource
{
    public required Uri Url { get; init; }

    public Selector Labels { get; init; } = Selector.Everything;

    public required int Port { get; init; }
}

public sealed record EtcdDiscovery : DiscoverySource
{
    public required Uri Url { get; init; }

    public required string Prefix { get; init; }

    public TlsConnection? Tls { get; init; }
}

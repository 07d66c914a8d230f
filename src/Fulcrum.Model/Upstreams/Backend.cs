using Fulcrum.Model.Values;

namespace Fulcrum.Model.Upstreams;

/// <summary>What the source says of a backend (Kubernetes' EndpointSlice conditions).</summary>
public enum BackendState
{
    /// <summary>Gets new connections.</summary>
    Ready,

    /// <summary>Not ready, but still answers: used only when none is ready.</summary>
    Serving,

    /// <summary>Going away: keeps what it has.</summary>
    Terminating,
}

/// <summary>What the operator's file says of a backend.</summary>
public enum BackendStatus
{
    Enabled,

    /// <summary>Gets no traffic, but still counts in the denominator of watermarks.</summary>
    Disabled,

    /// <summary>Gets no traffic and counts nowhere: being built.</summary>
    Planned,
}

/// <summary>One member of an upstream.</summary>
public sealed record Backend
{
    public required HostAddress Address { get; init; }

    /// <summary>Null: the port that the client used.</summary>
    public int? Port { get; init; }

    /// <summary>What people call it; unique within its upstream. Null: its address and port.</summary>
    public string? Name { get; init; }

    /// <summary>0..65535; 0 gets no new connections.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The lowest number is served first; the next joins when too few of it are healthy.</summary>
    public int Priority { get; init; }

    /// <summary>Concurrent connections at most.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>A backend that was full gets connections again below this many (LVS' lower threshold).</summary>
    public int? ResumeConnections { get; init; }

    public BackendStatus Status { get; init; }

    public BackendState State { get; init; }

    /// <summary>TLS server names that it is meant for, where its upstream chooses by them.</summary>
    public TextPattern? Sni { get; init; }

    public Labels Labels { get; init; } = Labels.Empty;

    /// <summary>The machine or cluster node it runs on.</summary>
    public string? Node { get; init; }

    /// <summary>Overrides what the upstream says.</summary>
    public ConnectOptions? Connect { get; init; }

    /// <summary>The name it goes by: <c>10.0.0.1:80</c>, <c>[2001:db8::1]:80</c>, <c>10.0.0.1</c> without a port.</summary>
    public string Id => Name ?? EndpointText;

    public string EndpointText =>
        Port is not { } port ? Address.ToString()
        : Address.Ip is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } ? $"[{Address}]:{port}"
        : $"{Address}:{port}";
}

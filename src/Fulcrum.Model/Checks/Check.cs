using System.Net;

namespace Fulcrum.Model.Checks;

public enum CheckVia
{
    /// <summary>The backend itself is asked.</summary>
    Direct,

    /// <summary>The question goes to the vip and through the plane to this backend: the real path.</summary>
    Forwarding,
}

/// <summary>What is asked of a backend, how often, and what counts as healthy.</summary>
public sealed record Check
{
    /// <summary>Tells checks of one backend apart. Null: the kind, and the port where it is set.</summary>
    public string? Name { get; init; }

    public required ProbeSpec Probe { get; init; }

    public CheckTiming Timing { get; init; } = CheckTiming.Unset;

    public CheckVia Via { get; init; }

    /// <summary>Another port than the backend's.</summary>
    public int? Port { get; init; }

    /// <summary>The address that probes come from.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Not asked for now: what it found last stands.</summary>
    public bool Paused { get; init; }

    public string Id => Name ?? (Port is { } port ? $"{Probe.Kind}/{port}" : Probe.Kind);
}

using System.Net;
using Fulcrum.Model.Checks;

namespace Fulcrum.Engine.Ports;

/// <summary>
/// One question to one target, with every default filled in. Those who ask the same of the same target share the
/// task: it compares by value.
/// </summary>
public sealed record ProbeTask
{
    public required ProbeSpec Probe { get; init; }

    public required IPAddress Address { get; init; }

    public required int Port { get; init; }

    public required TimeSpan Interval { get; init; }

    /// <summary>Instead of <see cref="Interval"/> while results speak against the verdict.</summary>
    public TimeSpan? FastInterval { get; init; }

    /// <summary>What the interval grows to, by doubling, while the target stays unhealthy.</summary>
    public TimeSpan? DownInterval { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int Rise { get; init; }

    public required int Fall { get; init; }

    public IPAddress? Source { get; init; }

    /// <summary>The Unix socket that is asked instead of address and port.</summary>
    public string? Path { get; init; }

    /// <summary>The name that the backend is written as; null: an address. TLS asks for it.</summary>
    public string? Name { get; init; }

    /// <summary>Not to be asked for now.</summary>
    public bool Paused { get; init; }

    /// <summary>How many of the last results <see cref="CheckHealth.GoodShare"/> looks back on; 0: it is not wanted.</summary>
    public int Samples { get; init; }

    /// <summary>Firewall mark that leads the probe through the plane to this backend. Null: it is asked directly.</summary>
    public int? Mark { get; init; }

    /// <summary>Where the backend is that <see cref="Mark"/> leads to; <see cref="Address"/> is the vip then.</summary>
    public IPAddress? Through { get; init; }

    // Told apart almost always by this; a hash over the whole probe would walk its headers for each look into a map.
    public override int GetHashCode() => HashCode.Combine(Address, Port, Probe.Kind, Interval, Mark);

    public override string ToString() => $"{Probe.Kind} {Target}";

    /// <summary>Who is asked, for people.</summary>
    public string Target =>
        Path ?? (Probe is IcmpProbe ? Address.ToString() : new IPEndPoint(Address, Port).ToString());
}

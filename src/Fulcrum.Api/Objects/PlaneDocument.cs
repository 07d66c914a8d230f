namespace Fulcrum.Api.Objects;

/// <summary>What moves packets or bytes, what it can do on this machine, and how it is.</summary>
public sealed record PlaneDocument
{
    /// <summary><c>xdp</c>, <c>tc</c>, <c>ipvs</c>, <c>proxy</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>ready</c>; <c>missing</c>: this machine lacks something; <c>failing</c>: it does not take all that it is told;
    /// <c>unused</c>: nothing is for it, and nobody looked what it lacks.
    /// </summary>
    public required string State { get; init; }

    /// <summary>What it lacks, or why it does not take it.</summary>
    public string? Reason { get; init; }

    /// <summary>The forwardings that it carries.</summary>
    public required IReadOnlyList<string> Forwardings { get; init; }

    /// <summary>How many services it is to carry.</summary>
    public required int Services { get; init; }

    /// <summary>Of the table that it works by.</summary>
    public required long Generation { get; init; }

    /// <summary>Tables that it refused, since the start.</summary>
    public required long Refusals { get; init; }

    /// <summary>How often something outside of this process was changed for it, since the start.</summary>
    public required long Writes { get; init; }

    /// <summary>What became of packets, of planes that see each and count why; left out: of others.</summary>
    public IReadOnlyList<PacketDocument>? Packets { get; init; }
}

/// <summary>Packets of one end.</summary>
/// <param name="Outcome">
/// <c>passed</c> to the kernel, <c>dropped</c>, <c>sent</c>; <c>saw</c>: it says more of packets that are counted as
/// something else.
/// </param>
/// <param name="Reason">Why: <c>not-vip</c>, <c>no-backend</c>.</param>
/// <param name="Count">Since the plane's tables were made.</param>
public sealed record PacketDocument(string Outcome, string Reason, long Count);

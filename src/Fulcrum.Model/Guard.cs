namespace Fulcrum.Model;

/// <summary>
/// The share of services, backends or vips that one change may remove without being told that it may: a truncated
/// file, or a template that lost its list, must not take everything down.
/// </summary>
/// <param name="Share">0..1. Null: nothing is guarded.</param>
public sealed record Guard(double? Share)
{
    public static Guard Default { get; } = new(0.5);

    public static Guard Off { get; } = new((double?)null);
}

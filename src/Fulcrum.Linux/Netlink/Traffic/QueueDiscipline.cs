namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>A queueing discipline (tc(8)). Of those that queue only the kind is known here.</summary>
public sealed record QueueDiscipline
{
    public const string ClsactKind = "clsact";

    public required int Interface { get; init; }

    public required string Kind { get; init; }

    public uint Handle { get; init; }

    public uint Parent { get; init; }

    /// <summary>It is clsact, or ingress, which has no place for packets that go out.</summary>
    public bool HoldsFilters => Parent == TrafficNumbers.Clsact;

    /// <summary>The one that queues nothing and only has filters, at ingress and at egress.</summary>
    public static QueueDiscipline Clsact(int link) =>
        new()
        {
            Interface = link,
            Kind = ClsactKind,
            Handle = TrafficNumbers.ClsactHandle,
            Parent = TrafficNumbers.Clsact,
        };

    public override string ToString() => $"{Kind} on interface {Interface}";
}

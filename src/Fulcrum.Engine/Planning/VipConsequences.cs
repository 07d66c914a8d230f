using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Planning;

/// <summary>What becomes of vips that change themselves, or that their services take along.</summary>
internal static class VipConsequences
{
    /// <summary>In the order of names.</summary>
    public static IEnumerable<Consequence> Of(DerivedState before, DerivedState after) =>
        after
            .Vips.ChangesSince(before.Vips)
            .OrderBy(change => change.Key, StringComparer.Ordinal)
            .SelectMany(change => Of(new(SubjectKind.Vip, change.Key), change.Before, change.After));

    private static IEnumerable<Consequence> Of(Subject subject, DerivedVip? before, DerivedVip? after)
    {
        var (wasUp, isUp) = (IsUp(before), IsUp(after));
        if (wasUp && !isUp)
        {
            var why = after?.Reason ?? new NotConfigured();
            return [new(subject, null, Effect.Withdraws, $"is withdrawn: {why}")];
        }

        if (!wasUp)
        {
            return isUp ? [new(subject, null, Effect.Rises, $"is raised: {after!.Reason}")]
                : after is null || after.State == VipState.Withdrawing ? []
                : [new(subject, null, Effect.Waits, $"is not up: {after.Reason}")];
        }

        var (old, now) = (before!.Vip.Addresses, after!.Vip.Addresses);
        return old.Where(address => !now.Contains(address))
            .Select(address => new Consequence(subject, address.ToString(), Effect.Withdraws, "is withdrawn"))
            .Concat(
                now.Select(address =>
                    old.Contains(address)
                        ? new Consequence(subject, address.ToString(), Effect.Stays, "stays")
                        : new Consequence(subject, address.ToString(), Effect.Rises, "is raised")
                )
            );
    }

    private static bool IsUp(DerivedVip? vip) => vip is { State: VipState.Up or VipState.Raising };
}

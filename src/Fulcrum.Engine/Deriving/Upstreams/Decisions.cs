using System.Net;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// What operators decided about one member: of its backend, its host and its upstream the nearest wins. Whether it is
/// on and how much it weighs are two questions: a weight given to a backend does not undo the drain of its host.
/// </summary>
/// <param name="Switch">Enable, disable or drain.</param>
internal readonly record struct Decisions(Override? Switch, Override? Weight)
{
    public static Decisions About(
        Map<OverrideTarget, Override> overrides,
        string upstream,
        string backend,
        IPAddress? address,
        DateTimeOffset now
    )
    {
        if (overrides.IsEmpty)
        {
            return default;
        }

        var decisions = default(Decisions).Or(overrides[new(OverrideTargetKind.Backend, $"{upstream}/{backend}")], now);
        if (address is not null)
        {
            decisions = decisions.Or(overrides[new(OverrideTargetKind.Host, address.ToString())], now);
        }

        return decisions.Or(overrides[new(OverrideTargetKind.Upstream, upstream)], now);
    }

    /// <summary>When the first of them ends by itself.</summary>
    public DateTimeOffset? Expires =>
        Switch?.Expires < Weight?.Expires || Weight?.Expires is null ? Switch?.Expires : Weight.Expires;

    private Decisions Or(Override? farther, DateTimeOffset now) =>
        farther is null || farther.Expires <= now ? this
        : farther.Action == OverrideAction.Weight ? this with { Weight = Weight ?? farther }
        : this with { Switch = Switch ?? farther };
}

using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

/// <summary>An upstream as some listeners see it, and who they are.</summary>
internal sealed class Sight
{
    private const int MaxNamed = 2;

    private readonly DerivedState _state;

    private Sight(DerivedState state, UpstreamView view)
    {
        _state = state;
        View = view;
    }

    public UpstreamView View { get; }

    public DerivedUpstream Upstream => _state.UpstreamSection.Views[View]!;

    /// <summary>Whose sight it is: "udp://192.0.2.53:53 of service/dns".</summary>
    public string Label => field ??= MakeLabel();

    /// <summary>All ways in which the upstream is seen, always in the same order.</summary>
    public static IReadOnlyList<Sight> Of(DerivedState state, string upstream)
    {
        var sights = state.UpstreamSection.ByUpstream.Of(upstream).Select(view => new Sight(state, view)).ToList();
        return sights.Count < 2 ? sights : [.. sights.OrderBy(sight => sight.Label, StringComparer.Ordinal)];
    }

    /// <summary>One line when all see the same, else a line for each group of those that do.</summary>
    public static Items<string> Lines(IEnumerable<(Sight Sight, string Word, string Text)> seen)
    {
        var groups = seen.GroupBy(one => (one.Word, one.Text), one => one.Sight).ToList();
        return groups.Count == 1
            ? [groups[0].Key.Text]
            : Items.From(
                groups.Select(group =>
                    $"for {string.Join(", ", group.Select(sight => sight.Label))}: {group.Key.Word}, {group.Key.Text}"
                )
            );
    }

    private string MakeLabel()
    {
        var listeners = new List<string>();
        foreach (var name in _state.ServiceSection.UsersOf(View).Order(StringComparer.Ordinal))
        {
            var service = _state.Services[name]!;
            for (var i = 0; i < service.Views.ByListener.Count && i < service.Service.Listeners.Count; i++)
            {
                if (service.Views.ByListener[i].Contains(View))
                {
                    listeners.Add($"{service.Service.Listeners[i]} of service/{name}");
                }
            }
        }

        return string.Join(", ", listeners.Take(MaxNamed))
            + (listeners.Count > MaxNamed ? $" and {listeners.Count - MaxNamed} more" : "");
    }
}

using System.Collections.Concurrent;
using Fulcrum.Engine.Selecting;

namespace Fulcrum.Proxy.Routing;

/// <summary>
/// The plans of an upstream that chooses by the client's TLS server name: one for each group of its members, made ahead of
/// time but for those that several patterns hold for.
/// </summary>
internal sealed class NamedPlans
{
    private readonly NameChoice _choice;
    private readonly Func<NameGroup, DestinationPlan> _build;
    private readonly ConcurrentDictionary<NameGroup, DestinationPlan> _plans = new();
    private readonly Dictionary<string, DestinationPlan> _byKey = new(StringComparer.Ordinal);

    public NamedPlans(NameChoice choice, Func<NameGroup, DestinationPlan> build)
    {
        (_choice, _build) = (choice, build);
        foreach (var group in choice.Groups)
        {
            _byKey[group.Key] = _plans.GetOrAdd(group, build);
        }
    }

    /// <summary>Null: nobody is meant for the name.</summary>
    public DestinationPlan? Of(ReadOnlySpan<char> serverName) =>
        _choice.GroupOf(serverName) is { } group ? _plans.GetOrAdd(group, _build) : null;

    /// <summary>The plan of a group, as an earlier generation knew it; null: it is not known ahead of time.</summary>
    public DestinationPlan? Find(string key) => _byKey.GetValueOrDefault(key);
}

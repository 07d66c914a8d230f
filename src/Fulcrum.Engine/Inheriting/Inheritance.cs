using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Inheriting;

/// <summary>
/// What one process of a node leaves to the one that takes its place, and which that could not find out by itself
/// without harm meanwhile: it would give clients to backends that are known to be down, and none to those whose name
/// has no address yet. What the journal holds is not in it, nor is what the configuration says.
/// </summary>
public sealed record Inheritance
{
    public static Inheritance Nothing { get; } = new();

    /// <summary>As <see cref="DerivedState.Generation"/>: it goes on from there.</summary>
    public long Generation { get; init; }

    public IReadOnlyList<InheritedCheck> Checks { get; init; } = [];

    /// <summary>Addresses of backends that are written as names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Names { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>What real traffic has put out.</summary>
    public IReadOnlyList<PassiveSignal> Complaints { get; init; } = [];

    /// <summary>Members that real traffic has put out, and those that come back to their weight.</summary>
    public IReadOnlyList<RememberedMember> Members { get; init; } = [];

    /// <summary>Upstreams that were up, and so stay up down to their low mark.</summary>
    public IReadOnlyList<string> WereUp { get; init; } = [];

    internal static Inheritance Of(DerivedState state)
    {
        var inputs = state.Inputs;
        var names = CheckNames.Of(state);
        return new()
        {
            Generation = state.Generation,
            Checks =
            [
                .. from pair in inputs.Health
                from name in names[pair.Key]
                select InheritedCheck.Of(name, pair.Key, pair.Value),
            ],
            Names = inputs.Names.ToDictionary(
                pair => pair.Key,
                IReadOnlyList<string> (pair) => [.. pair.Value.Addresses.Select(address => address.ToString())],
                StringComparer.Ordinal
            ),
            Complaints = [.. inputs.Passive.Values],
            Members =
            [
                .. from view in state.UpstreamSection.Views
                from member in view.Value.Memory.Members
                where member.Ejection is not null || member.RecoveringSince is not null
                select new RememberedMember(
                    view.Key.Upstream,
                    member.Id,
                    member.Ejection?.By,
                    member.Ejection?.Until ?? default,
                    member.Ejection?.InARow ?? 0,
                    member.RecoveringSince
                ),
            ],
            WereUp =
            [
                .. state
                    .UpstreamSection.Views.GroupBy(view => view.Key.Upstream, StringComparer.Ordinal)
                    .Where(views => views.All(view => view.Value.Memory.WasUp))
                    .Select(views => views.Key),
            ],
        };
    }

    /// <summary>What is known before anything is decided.</summary>
    internal EngineInputs LayUnder(EngineInputs inputs) =>
        inputs with
        {
            Names = Map<string, NameAddresses>.From(
                Names.Select(pair =>
                    KeyValuePair.Create(pair.Key, new NameAddresses(Items.From(AddressesOf(pair.Value))))
                )
            ),
            Passive = Map<string, PassiveSignal>.From(
                Complaints.Select(signal => KeyValuePair.Create($"{signal.Upstream}/{signal.Backend}", signal))
            ),
            Remembered = Map<string, RememberedMember>.From(
                Members
                    .Select(member => KeyValuePair.Create($"{member.Upstream}/{member.Backend}", member))
                    .DistinctBy(pair => pair.Key, StringComparer.Ordinal)
            ),
            WereUp = Map.SetOf(WereUp),
        };

    /// <summary>The state that the first decision goes on from.</summary>
    internal DerivedState Continue(DerivedState state)
    {
        var planes = Map<PlaneKind, PlaneTable>.Empty.With(
            PlaneKind.Proxy,
            PlaneTable.Empty with
            {
                Generation = Math.Max(0, Generation),
            }
        );
        return state with
        {
            Desired = state.Desired with { Planes = planes },
            ServiceSection = state.ServiceSection with { Planes = planes },
        };
    }

    /// <summary>The inputs with what is known of checks that are the same here; the same object when that is nothing.</summary>
    internal EngineInputs Inform(EngineInputs inputs, DerivedState decided)
    {
        var known = new Dictionary<(string, string), InheritedCheck>();
        foreach (var check in Checks)
        {
            known[(check.Name, check.Target)] = check;
        }

        var health = inputs.Health;
        foreach (var tasks in CheckNames.Of(decided))
        {
            var task = tasks.Key;
            foreach (var name in tasks.Where(name => !health.ContainsKey(task) && known.ContainsKey((name, $"{task}"))))
            {
                health = health.With(task, known[(name, $"{task}")].ToHealth());
            }
        }

        return ReferenceEquals(health, inputs.Health) ? inputs : inputs with { Health = health };
    }

    private static IEnumerable<IPAddress> AddressesOf(IEnumerable<string> texts) =>
        texts.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>();
}

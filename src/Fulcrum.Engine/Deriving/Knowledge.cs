using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// What is kept of news. A check that only asks more or less often is a new task to the prober, but what is known of the backend stays
/// true: until the new task has its first answer it has that of the old one. Otherwise a reload that touches a
/// time-out would give traffic to every backend that is known to be down.
/// </summary>
internal static class Knowledge
{
    /// <summary>The inputs with all that is known of the tasks; the same object when that is nothing new.</summary>
    /// <param name="before">The tasks of the decision before; only what is new since is looked for.</param>
    public static EngineInputs Inherit(
        EngineInputs inputs,
        Map<ProbeTask, ProbeTask> before,
        Map<ProbeTask, ProbeTask> tasks
    )
    {
        var health = inputs.Health;
        Dictionary<ProbeQuestion, CheckHealth>? known = null;
        foreach (var (task, _, after) in tasks.ChangesSince(before))
        {
            if (after is null || inputs.Health.ContainsKey(task))
            {
                continue;
            }

            known ??= ByQuestion(inputs);
            if (known.TryGetValue(ProbeQuestion.Of(task), out var found))
            {
                health = health.With(task, found);
            }
        }

        return ReferenceEquals(health, inputs.Health) ? inputs : inputs with { Health = health };
    }

    /// <summary>
    /// What nobody asks any more is not kept: these tables are as large as the configuration, not as its history.
    /// </summary>
    public static EngineInputs Forget(EngineInputs inputs, Desired desired)
    {
        return inputs with
        {
            Health = Only(inputs.Health, desired.Probes.Count, desired.Probes.ContainsKey),
            Names = Only(inputs.Names, desired.Names.Count, desired.Names.ContainsKey),
            Members = Only(inputs.Members, desired.Discoveries.Count, desired.Discoveries.ContainsKey),
            Passive = Only(inputs.Passive, 0, at => IsAboutMember(inputs, inputs.Passive[at]!)),
            WereUp = Map<string, string>.Empty,
            Remembered = Map<string, RememberedMember>.Empty,
            Roles = Only(inputs.Roles, 0, name => desired.Announcements.Keys.Any(key => key.Announcement == name)),
        };
    }

    private static bool IsAboutMember(EngineInputs inputs, PassiveSignal signal) =>
        inputs.Snapshot.Upstreams.Find(signal.Upstream) is { Eject: not null } upstream
        && (
            upstream.Backends.Any(backend => backend.Id == signal.Backend)
            || inputs.Members[upstream.Name]?.Backends.Any(backend => backend.Id == signal.Backend) == true
        );

    // Only as many as are wanted can all be wanted: nothing has to be looked at.
    private static Map<TKey, TValue> Only<TKey, TValue>(Map<TKey, TValue> known, int wanted, Func<TKey, bool> isWanted)
        where TKey : notnull
        where TValue : class
    {
        if (known.Count > wanted)
        {
            foreach (var key in known.Keys.Where(key => !isWanted(key)))
            {
                known = known.Without(key);
            }
        }

        return known;
    }

    private static Dictionary<ProbeQuestion, CheckHealth> ByQuestion(EngineInputs inputs)
    {
        var known = new Dictionary<ProbeQuestion, CheckHealth>();
        foreach (var (task, health) in inputs.Health)
        {
            known[ProbeQuestion.Of(task)] = health;
        }

        return known;
    }
}

using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// A check that only asks more or less often is a new task to the prober, but what is known of the backend stays
/// true: until the new task has its first answer it has that of the old one. Otherwise a reload that touches a
/// time-out would give traffic to every backend that is known to be down.
/// </summary>
internal static class KnownHealth
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
        Dictionary<Question, CheckHealth>? known = null;
        foreach (var (task, _, after) in tasks.ChangesSince(before))
        {
            if (after is null || inputs.Health.ContainsKey(task))
            {
                continue;
            }

            known ??= ByQuestion(inputs);
            if (known.TryGetValue(Question.Of(task), out var found))
            {
                health = health.With(task, found);
            }
        }

        return ReferenceEquals(health, inputs.Health) ? inputs : inputs with { Health = health };
    }

    private static Dictionary<Question, CheckHealth> ByQuestion(EngineInputs inputs)
    {
        var known = new Dictionary<Question, CheckHealth>();
        foreach (var (task, health) in inputs.Health)
        {
            known[Question.Of(task)] = health;
        }

        return known;
    }

    /// <summary>What is asked of whom, whenever and however often.</summary>
    private sealed record Question(ProbeSpec Probe, IPAddress Address, int Port, IPAddress? Source, int? Mark)
    {
        public static Question Of(ProbeTask task) => new(task.Probe, task.Address, task.Port, task.Source, task.Mark);
    }
}

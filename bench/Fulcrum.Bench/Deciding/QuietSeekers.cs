using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Bench.Deciding;

/// <summary>Prober and resolver that ask nobody anything.</summary>
internal sealed class QuietSeekers : IProber, INameResolver
{
    public Map<ProbeTask, ProbeTask> Probes { get; private set; } = Map<ProbeTask, ProbeTask>.Empty;

    void IProber.Apply(Map<ProbeTask, ProbeTask> tasks) => Probes = tasks;

    void INameResolver.Apply(Map<string, string> names) { }
}

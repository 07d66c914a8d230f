using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>Asks backends how they are.</summary>
public interface IProber
{
    /// <summary>
    /// From now on these and no others. A task that was there before goes on with its counts and its schedule;
    /// the report for it names the instance given here last.
    /// </summary>
    void Apply(Map<ProbeTask, ProbeTask> tasks);
}

/// <summary>Hears of every change of a verdict, and of a share of good results that is wanted, on any thread.</summary>
public interface IHealthListener
{
    void OnHealth(ProbeTask task, CheckHealth health);
}

namespace Fulcrum.Engine.Ports;

/// <summary>Tells what checks have found, beyond what decisions need.</summary>
public interface ICheckReader
{
    /// <summary>All checks, or those that are asked for.</summary>
    Task<IReadOnlyList<CheckReport>> ReadAsync(Func<ProbeTask, bool>? which, CancellationToken cancellation);

    /// <summary>The changes after this one, as far back as they are kept.</summary>
    IReadOnlyList<CheckTransition> TransitionsAfter(long sequence);
}

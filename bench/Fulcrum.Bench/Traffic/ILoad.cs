namespace Fulcrum.Bench.Traffic;

/// <summary>A kind of work, both ends of it: what asks the proxy, and the backend behind it.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>What the newest connection has agreed on with the proxy; empty: there is nothing to agree on.</summary>
    string Agreed => "";

    /// <summary>Works for a while, counts after the warm-up, and leaves no connection behind.</summary>
    /// <param name="target">What to ask: a proxy, or the backend itself.</param>
    /// <param name="warmUp">Not counted.</param>
    /// <param name="duration">Counted.</param>
    /// <param name="cpu">Processor time of what is measured so far; asked at both ends of what is counted.</param>
    Sample Run(Address target, TimeSpan warmUp, TimeSpan duration, Func<TimeSpan> cpu);
}

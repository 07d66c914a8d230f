using Fulcrum.Engine.Reconciling;

namespace Fulcrum.Api.Metrics;

/// <summary>
/// Instruments are asked one by one, and what they tell shall fit together: who collects a round of metrics begins it
/// here, and until it ends every instrument that is asked in its flow reads the same census. Who does not begin a round
/// reads one that is a second old at most.
/// </summary>
internal sealed class CensusTaker(Reconciler engine, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly AsyncLocal<Census?> _round = new();
    private volatile Dated? _last;

    /// <summary>What rows cost; they are told by the instruments, which are made later.</summary>
    public SeriesCosts Costs { get; set; } = SeriesCosts.None;

    public Census Current => _round.Value ?? Recent();

    /// <summary>From now on until it is disposed, in this flow.</summary>
    public IDisposable Begin()
    {
        _round.Value = Take();
        return new Round(this);
    }

    private Census Recent()
    {
        var last = _last;
        if (last is null || time.GetElapsedTime(last.At) > Fresh)
        {
            _last = last = new(time.GetTimestamp(), Take());
        }

        return last.Census;
    }

    private Census Take() => Census.Take(engine.State, engine.Observe(), Costs);

    private sealed record Dated(long At, Census Census);

    private sealed class Round(CensusTaker taker) : IDisposable
    {
        public void Dispose() => taker._round.Value = null;
    }
}

using Fulcrum.Engine.Ports;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Turns single results into a verdict: <c>rise</c> good ones in a row make healthy, <c>fall</c> bad ones in a row
/// make unhealthy, and any result of the other kind begins the count anew. While the verdict is unknown the first
/// result decides: waiting would only prolong not knowing.
/// </summary>
internal struct VerdictCounter(int rise, int fall)
{
    private bool _last;

    public Verdict Verdict { get; private set; } = Verdict.Unknown;

    /// <summary>Results in a row that speak against the verdict.</summary>
    public int Against { get; private set; }

    /// <summary>Results of the last kind in a row.</summary>
    public int InARow { get; private set; }

    /// <summary>True when this result changed the verdict.</summary>
    public bool Add(bool good)
    {
        InARow = InARow > 0 && good == _last ? Math.Min(InARow + 1, int.MaxValue - 1) : 1;
        _last = good;
        if (Verdict == Verdict.Unknown)
        {
            Verdict = good ? Verdict.Healthy : Verdict.Unhealthy;
            return true;
        }

        if (good == (Verdict == Verdict.Healthy))
        {
            Against = 0;
            return false;
        }

        Against++;
        if (Against < (good ? rise : fall))
        {
            return false;
        }

        Against = 0;
        Verdict = good ? Verdict.Healthy : Verdict.Unhealthy;
        return true;
    }

    /// <summary>The same counts, with other bounds from now on.</summary>
    public readonly VerdictCounter With(int newRise, int newFall) =>
        new(newRise, newFall)
        {
            Verdict = Verdict,
            Against = Against,
            InARow = InARow,
            _last = _last,
        };
}

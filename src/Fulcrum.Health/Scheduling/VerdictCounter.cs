using Fulcrum.Engine.Ports;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Turns single results into a verdict: <c>rise</c> good ones in a row make healthy, <c>fall</c> bad ones in a row
/// make unhealthy, and any result of the other kind begins the count anew. While the verdict is unknown the first
/// result decides: waiting would only prolong not knowing.
/// </summary>
internal struct VerdictCounter(int rise, int fall)
{
    private int _against;

    public Verdict Verdict { get; private set; } = Verdict.Unknown;

    /// <summary>True when this result changed the verdict.</summary>
    public bool Add(bool good)
    {
        if (Verdict == Verdict.Unknown)
        {
            Verdict = good ? Verdict.Healthy : Verdict.Unhealthy;
            return true;
        }

        if (good == (Verdict == Verdict.Healthy))
        {
            _against = 0;
            return false;
        }

        _against++;
        if (_against < (good ? rise : fall))
        {
            return false;
        }

        _against = 0;
        Verdict = good ? Verdict.Healthy : Verdict.Unhealthy;
        return true;
    }
}

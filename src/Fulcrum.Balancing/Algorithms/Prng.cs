using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Balancing.Algorithms;

/// <summary>Random numbers of one loop: a counter, mixed (as in Steele, Lea and Flood's SplitMix, OOPSLA 2014).</summary>
internal struct Prng(ulong seed)
{
    private ulong _counter = Mixer.Mix(seed, 1);

    /// <summary>A number from 0 to below <paramref name="bound"/>, which is more than 0.</summary>
    public long Below(long bound)
    {
        _counter += Mixer.Step;
        return (long)Math.BigMul(Mixer.Mix(_counter), (ulong)bound, out _);
    }
}

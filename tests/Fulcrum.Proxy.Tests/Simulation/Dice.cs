namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): a seeded generator that costs nothing to begin anew.</summary>
internal struct Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to <paramref name="sides"/> - 1.</summary>
    public int Roll(int sides)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (int)(((mixed >> 32) * (ulong)sides) >> 32);
    }

    public bool OneIn(int sides) => Roll(sides) == 0;
}

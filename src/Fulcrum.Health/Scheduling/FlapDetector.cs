using System.Numerics;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// Whether results keep changing: they flap from when half of the last twenty steps from one to the next are changes,
/// until at most a quarter are. It looks at results, not at verdicts: rise and fall may hide a backend that answers
/// every other time.
/// </summary>
internal struct FlapDetector
{
    private const int Steps = 20;
    private const int Begin = Steps / 2;
    private const int End = Steps / 4;

    private uint _results;
    private int _count;

    public bool IsFlapping { get; private set; }

    public void Add(bool good)
    {
        _results = (_results << 1) | (good ? 1u : 0u);
        _count = Math.Min(_count + 1, Steps + 1);
        var changes = BitOperations.PopCount((_results ^ (_results >> 1)) & ((1u << (_count - 1)) - 1));
        IsFlapping = changes >= Begin || (IsFlapping && changes > End);
    }
}

using System.Runtime.CompilerServices;

namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// What became of one loop's connections to one backend in the last while, which is cut into slices: a ring of numbers,
/// each of which is a whole slice (its number, connections and failures), so that who reads one never sees half of a
/// change. Only that loop writes, with a plain addition; others read without a lock.
/// </summary>
internal sealed class OutcomeCell
{
    public const int Slices = 10;

    private const int CountBits = 20;
    private const ulong MostCount = (1UL << CountBits) - 1;
    private const ulong NumberMask = ulong.MaxValue >> (2 * CountBits);

    private Ring _ring;

    /// <param name="slice">The present slice.</param>
    /// <param name="connections">How many more there were.</param>
    /// <param name="failures">How many more failed.</param>
    public void Count(long slice, uint connections, uint failures)
    {
        ref var slot = ref _ring[(int)(slice % Slices)];
        var present = slot;
        var number = (ulong)slice & NumberMask;
        var (all, failed) = present >> (2 * CountBits) == number ? CountsOf(present) : (0, 0);
        (all, failed) = (all + connections, failed + failures);
        if (Math.Max(all, failed) > MostCount)
        {
            // So many are enough to know the share, and that stays as it is.
            (all, failed) = (all / 2, failed / 2);
        }

        Volatile.Write(ref slot, (number << (2 * CountBits)) | (all << CountBits) | failed);
    }

    /// <summary>Adds up the slices from the first to the last, of which there are as many as the ring has at most.</summary>
    public void AddTo(ref long connections, ref long failures, long first, long last)
    {
        for (var slice = first; slice <= last; slice++)
        {
            var slot = Volatile.Read(ref _ring[(int)(slice % Slices)]);
            if (slot >> (2 * CountBits) == ((ulong)slice & NumberMask))
            {
                var (all, failed) = CountsOf(slot);
                connections += (long)all;
                failures += (long)failed;
            }
        }
    }

    private static (ulong All, ulong Failed) CountsOf(ulong slot) =>
        ((slot >> CountBits) & MostCount, slot & MostCount);

    [InlineArray(Slices)]
    private struct Ring
    {
        private ulong _first;
    }
}

namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// Failures in a row of one backend, on all loops. Loops share it only while something fails: as long as all goes well
/// nobody writes.
/// </summary>
internal struct FailureStreak
{
    private int _count;

    /// <summary>One more. True: with it there are so many, and the count begins anew.</summary>
    public bool Fail(int limit)
    {
        if (limit <= 0 || Interlocked.Increment(ref _count) < limit)
        {
            return false;
        }
        Volatile.Write(ref _count, 0);
        return true;
    }

    public void Succeed()
    {
        if (Volatile.Read(ref _count) != 0)
        {
            Volatile.Write(ref _count, 0);
        }
    }
}

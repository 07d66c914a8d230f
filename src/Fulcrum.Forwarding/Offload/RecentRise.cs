namespace Fulcrum.Forwarding.Offload;

/// <summary>A counter that is looked at now and then, by somebody who wants to know whether it rises these days.</summary>
internal sealed class RecentRise
{
    /// <summary>Long enough for a person to see it.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    private ulong _count;
    private long? _rose;

    /// <param name="count">As it is now.</param>
    public bool HasRisen(ulong count, TimeProvider time)
    {
        if (count != _count)
        {
            (_count, _rose) = (count, time.GetTimestamp());
        }

        return _rose is { } rose && time.GetElapsedTime(rose) < Recent;
    }
}

namespace Fulcrum.Api.Access.Limits;

/// <summary>
/// A token bucket for each caller: so many requests a second over time, some more at once. Whoever was not heard of
/// for longest is forgotten when there are too many, and comes back with a full bucket: then the limit is soft, and
/// the memory is not.
/// </summary>
internal sealed class RateLimiter(TimeProvider time, int mostCallers = RateLimiter.MostCallers)
{
    public const int MostCallers = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Bucket>> _buckets = new(StringComparer.Ordinal);
    private readonly LinkedList<Bucket> _byUse = new();
    private long _refused;
    private long _forgotten;

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Callers that made room for others.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>Takes one request from the caller's bucket. Null: they may; else when they may again.</summary>
    public TimeSpan? Take(string caller, double perSecond, double atOnce)
    {
        lock (_lock)
        {
            var bucket = BucketOf(caller, atOnce);
            var now = time.GetTimestamp();
            bucket.Level = Math.Min(
                atOnce,
                bucket.Level + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond)
            );
            bucket.At = now;
            if (bucket.Level >= 1)
            {
                bucket.Level--;
                return null;
            }

            Interlocked.Increment(ref _refused);
            return TimeSpan.FromSeconds((1 - bucket.Level) / perSecond);
        }
    }

    private Bucket BucketOf(string caller, double atOnce)
    {
        if (_buckets.TryGetValue(caller, out var known))
        {
            _byUse.Remove(known);
            _byUse.AddLast(known);
            return known.Value;
        }

        if (_buckets.Count >= mostCallers)
        {
            var oldest = _byUse.First!;
            _byUse.RemoveFirst();
            _buckets.Remove(oldest.Value.Caller);
            Interlocked.Increment(ref _forgotten);
        }

        var bucket = new Bucket(caller) { Level = atOnce, At = time.GetTimestamp() };
        _buckets.Add(caller, _byUse.AddLast(bucket));
        return bucket;
    }

    private sealed class Bucket(string caller)
    {
        public string Caller => caller;

        public double Level { get; set; }

        public long At { get; set; }
    }
}

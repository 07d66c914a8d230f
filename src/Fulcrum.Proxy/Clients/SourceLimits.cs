using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Clients;

/// <summary>
/// How much of a service one source may have: so many sessions at a time, and so many new ones a second.
/// <para>
/// Both are exact, whichever loops its connections come to, because all loops ask one table. The rate is the generic cell
/// rate algorithm (ITU-T I.371): a source has one moment, at which its next session is due, and each session that is
/// admitted moves it on by the time between two. Who comes no earlier than the burst allows is admitted. So within any
/// span of time at most the burst and the rate times the span come in. A turn of a loop has one time, so a loop that is
/// held up takes a client for earlier than it is, and never for later. Who is refused uses nothing up.
/// </para>
/// </summary>
internal sealed class SourceLimits
{
    public const int NanosecondsPerMicrosecond = 1_000;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly ClientTable<SourceRecord> _table;
    private readonly ClientMask _mask;
    private readonly int _maxConnections;
    private readonly long _interval;
    private readonly long _tolerance;

    private SourceLimits(ClientRules rules, ClientTable<SourceRecord> table)
    {
        _table = table;
        _mask = MaskOf(rules);
        _maxConnections = rules.MaxConnectionsPerAddress ?? int.MaxValue;
        if (rules.RatePerAddress is { } rate)
        {
            // Rounded up: a hair too seldom is within the limit, a hair too often is not.
            _interval = (NanosecondsPerSecond + rate - 1) / rate;
            _tolerance = _interval * ((rules.BurstPerAddress ?? rate) - 1);
        }
    }

    /// <summary>The limits by these rules; null: there are none. What is known of the sources stays, where it can.</summary>
    /// <param name="former">Those that were in force.</param>
    public static SourceLimits? By(ClientRules rules, SourceLimits? former)
    {
        if (rules is { MaxConnectionsPerAddress: null, RatePerAddress: null })
        {
            return null;
        }
        var stays = former is not null && former._mask == MaskOf(rules) && former._table.Size == rules.TableSize;
        return new(rules, stays ? former!._table : new(rules.TableSize));
    }

    /// <summary>Sources that are known, and how many ever had to make room.</summary>
    public (long Known, long Crowded) Count() => _table.Count();

    /// <summary>Counts a session in, unless that would be too many or too fast.</summary>
    /// <param name="now">The loop's time, in microseconds.</param>
    /// <param name="pass">For the session, which gives it back when it ends.</param>
    public SourceVerdict TryEnter(in SocketAddress client, long now, out SourcePass pass)
    {
        pass = default;
        if (client.Family == SocketFamily.Unix)
        {
            // It has no address that would tell it from others.
            return SourceVerdict.Admitted;
        }
        var source = _mask.Of(client);
        var shard = _table.ShardOf(source, out var hash);
        lock (shard.Gate)
        {
            var slot = shard.Map.Take(source, hash, now);
            if (slot < 0)
            {
                return SourceVerdict.Crowded;
            }
            var verdict = Enter(ref shard.Map[slot], now * NanosecondsPerMicrosecond);
            if (verdict == SourceVerdict.Admitted)
            {
                pass = new SourcePass(shard, slot);
            }
            else
            {
                _ = shard.Map.Release(slot);
            }
            return verdict;
        }
    }

    private SourceVerdict Enter(ref SourceRecord source, long now)
    {
        if (source.Active >= _maxConnections)
        {
            return SourceVerdict.TooMany;
        }
        if (_interval > 0)
        {
            // No debt by a former, slower rate is larger than one by this rate can be.
            source.Due = Math.Min(source.Due, now + _tolerance + _interval);
            if (source.Due - now > _tolerance)
            {
                return SourceVerdict.TooFast;
            }
            source.Due = Math.Max(source.Due, now) + _interval;
        }
        source.Active++;
        return SourceVerdict.Admitted;
    }

    private static ClientMask MaskOf(ClientRules rules) => new(rules.MaskIpv4, rules.MaskIpv6);
}

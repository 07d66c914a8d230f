using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Sockets;

namespace Fulcrum.Proxy.Routing;

/// <summary>What the kernel is told of a socket, as numbers that it understands. Immutable.</summary>
internal sealed class TuningPlan
{
    /// <summary>Connections whose data came with the SYN and that were not accepted yet.</summary>
    private const int FastOpenQueue = 256;

    private readonly SocketTuning _tuning;
    private readonly bool _transparent;

    /// <param name="tuning">What is wanted; what it leaves open is as the machine has it.</param>
    /// <param name="transparent">The socket may speak for addresses that are not this machine's.</param>
    public TuningPlan(SocketTuning tuning, bool transparent)
    {
        _tuning = tuning;
        _transparent = transparent;
    }

    public static TuningPlan Plain { get; } = new(SocketTuning.Unset, false);

    /// <summary>All that a listener can be told: what it was, where nobody knows what.</summary>
    public static TuningPlan Everything { get; } =
        new(
            new()
            {
                KeepAlive = new(),
                UserTimeout = TimeSpan.Zero,
                FastOpen = true,
                Mark = 0,
                Dscp = 0,
            },
            true
        );

    /// <summary>The kernel is told nothing.</summary>
    public bool IsPlain => !_transparent && _tuning == SocketTuning.Unset;

    /// <summary>TCP: the first data may come with the SYN (RFC 7413).</summary>
    public bool OpensFast => _tuning.FastOpen is true;

    /// <summary>Whether the kernel would do it; else the negative errno of what it refuses, and the name of that.</summary>
    public (int Result, string Option) Try(SocketKind kind, SocketFamily family, bool isListener)
    {
        var descriptor = SocketCalls.Open(family, kind);
        if (descriptor < 0)
        {
            return (descriptor, "a socket");
        }
        try
        {
            foreach (var (name, option, value) in OptionsOf(kind, family, isListener))
            {
                var result = SocketCalls.Set(descriptor, option, value);
                if (result < 0)
                {
                    return (result, name);
                }
            }
            return (0, "");
        }
        finally
        {
            _ = SocketCalls.Close(descriptor);
        }
    }

    /// <summary>Tells the socket of a connection that is to be; 0, or a negative errno.</summary>
    public int Apply(int descriptor, SocketKind kind, SocketFamily family) =>
        ReferenceEquals(this, Plain) ? 0 : Set(descriptor, OptionsOf(kind, family, isListener: false));

    /// <summary>Tells a listener, whose connections inherit it; what a former plan told it and this does not is undone.</summary>
    public void Apply(int descriptor, SocketKind kind, SocketFamily family, TuningPlan former)
    {
        if (ReferenceEquals(this, former))
        {
            return;
        }
        var wanted = OptionsOf(kind, family, isListener: true).ToList();
        var undone = former
            .OptionsOf(kind, family, isListener: true)
            .Where(one => !wanted.Exists(other => other.Option == one.Option) && CanBeUndone(one.Option))
            .Select(one => (one.Name, one.Option, 0));
        _ = Set(descriptor, [.. undone, .. wanted]);
    }

    // Without keep-alive its times do not matter, and the kernel has no zero for them.
    private static bool CanBeUndone(SocketOption option) =>
        option != SocketOption.KeepAliveIdle
        && option != SocketOption.KeepAliveInterval
        && option != SocketOption.KeepAliveProbes;

    private static int Set(int descriptor, IEnumerable<(string Name, SocketOption Option, int Value)> options)
    {
        var worst = 0;
        foreach (var (_, option, value) in options)
        {
            worst = Math.Min(worst, SocketCalls.Set(descriptor, option, value));
        }
        return worst;
    }

    private IEnumerable<(string Name, SocketOption Option, int Value)> OptionsOf(
        SocketKind kind,
        SocketFamily family,
        bool isListener
    )
    {
        var isIPv6 = family == SocketFamily.IPv6;
        if (family is not (SocketFamily.IPv4 or SocketFamily.IPv6))
        {
            yield break;
        }
        if (_transparent)
        {
            yield return ("transparent", isIPv6 ? SocketOption.IPv6Transparent : SocketOption.Transparent, 1);
        }
        if (_tuning.Mark is { } mark)
        {
            yield return ("mark", SocketOption.Mark, (int)mark);
        }
        if (_tuning.Dscp is { } code)
        {
            // The code point is the upper six bits; the lower two are the network's (RFC 3168).
            yield return ("dscp", isIPv6 ? SocketOption.IPv6TrafficClass : SocketOption.TypeOfService, code << 2);
        }
        if (kind != SocketKind.Stream)
        {
            yield break;
        }
        if (_tuning.KeepAlive is { } keep)
        {
            yield return ("keep-alive", SocketOption.KeepAlive, 1);
            if (keep.Idle is { } idle)
            {
                yield return ("keep-alive.idle", SocketOption.KeepAliveIdle, Seconds(idle));
            }
            if (keep.Interval is { } interval)
            {
                yield return ("keep-alive.interval", SocketOption.KeepAliveInterval, Seconds(interval));
            }
            if (keep.Probes is { } probes)
            {
                yield return ("keep-alive.probes", SocketOption.KeepAliveProbes, probes);
            }
        }
        if (_tuning.UserTimeout is { } timeout)
        {
            yield return ("user-timeout", SocketOption.UserTimeout, (int)timeout.TotalMilliseconds);
        }
        if (_tuning.FastOpen is true)
        {
            yield return isListener
                ? ("fast-open", SocketOption.FastOpen, FastOpenQueue)
                : ("fast-open", SocketOption.FastOpenConnect, 1);
        }
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}

using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Offload.Tables;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Sockets;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Forwarding.Offload;

/// <summary>
/// Carries sessions of datagrams in the kernel, at the interfaces that are named. A session is two paths there, one for
/// each direction: what comes by one is turned into the other's. Everything that the program cannot carry goes on to the
/// sockets that the session still has, so that being carried never costs it a datagram.
/// <para>
/// Loops set paths and read tallies; one task (<see cref="RunAsync"/>) follows interfaces and addresses as they come and
/// go. The program is loaded by that task, and until then nothing is carried.
/// </para>
/// </summary>
public sealed class DatagramOffload : IDatagramOffload, IDisposable
{
    /// <summary>So many sessions at most. A session takes 300 bytes of the kernel while it is carried.</summary>
    private const int MostSessions = 65_536;

    private const long NanosecondsInMillisecond = 1_000_000;

    /// <summary>What changes without a word is seen then: parameters, and whatever was refused.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly OffloadInterface[] _interfaces;
    private readonly Rtnetlink _net;
    private readonly TimeProvider _time;
    private readonly InterfaceParameters _parameters;
    private readonly Signal _changed = new();
    private volatile OffloadProgram? _program;
    private volatile LocalAddresses _local = LocalAddresses.None;
    private volatile string? _trouble = "offload: the program is being loaded";
    private readonly RecentRise _forwardingMissed = new();
    private readonly RecentRise _ownMissed = new();

    /// <param name="interfaces">Their names.</param>
    /// <param name="parameters">Where the kernel's parameters are: <c>/proc/sys</c>.</param>
    public DatagramOffload(IEnumerable<string> interfaces, Rtnetlink net, string parameters, TimeProvider time)
    {
        _interfaces = [.. interfaces.Select(name => new OffloadInterface(name))];
        (_net, _parameters, _time) = (net, new(parameters), time);
    }

    public int Places => MostSessions;

    public string? Trouble => _trouble;

    public bool TryTake(int place, in DatagramPaths paths)
    {
        if (_program is not { } program)
        {
            return false;
        }

        var (there, back) = (PathKey.Of(paths.Client, paths.Listener), PathKey.Of(paths.Backend, paths.Own));
        var (thereTo, backTo) = (PathKey.Of(paths.Own, paths.Backend), PathKey.Of(paths.Listener, paths.Client));
        // What comes back first: a datagram must not get an answer that nobody turns.
        if (!program.Turns.TrySet(back, new(backTo, (uint)(2 * place) + 1, FlagsOf(paths.Listener, paths.Client))))
        {
            return false;
        }

        if (program.Turns.TrySet(there, new(thereTo, (uint)(2 * place), FlagsOf(paths.Own, paths.Backend))))
        {
            return true;
        }

        _ = program.Turns.Remove(back);
        return false;
    }

    public void Leave(in DatagramPaths paths)
    {
        if (_program is { } program)
        {
            _ = program.Turns.Remove(PathKey.Of(paths.Client, paths.Listener));
            _ = program.Turns.Remove(PathKey.Of(paths.Backend, paths.Own));
        }
    }

    public DatagramTally ToBackend(int place) => Read(2 * place);

    public DatagramTally ToClient(int place) => Read((2 * place) + 1);

    /// <summary>Follows interfaces and addresses until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var changes = new NetworkChanges(_net, static _ => true, _time).RunAsync(_changed.Ring, cancellation);
        while (true)
        {
            _trouble = await LookAsync(cancellation);
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var next = Task.Delay(LookEvery, _time, pause.Token);
            await Task.WhenAny(next, changes, _changed.WaitAsync(pause.Token).AsTask());
            await pause.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            if (changes.IsFaulted)
            {
                await changes;
            }
        }
    }

    /// <summary>After all others, loops and <see cref="RunAsync"/>, have ended.</summary>
    public void Dispose()
    {
        foreach (var item in _interfaces)
        {
            item.Dispose();
        }

        _program?.Dispose();
    }

    // What is wrong; null: nothing.
    private async Task<string?> LookAsync(CancellationToken cancellation)
    {
        try
        {
            var links = await _net.Links.ListAsync(cancellation);
            var routes = new List<NetworkRoute>();
            foreach (var family in new[] { SocketFamily.IPv4, SocketFamily.IPv6 })
            {
                routes.AddRange(await _net.Routes.ListAsync(family, RouteTable.Local, cancellation));
            }

            var program = _program ?? new OffloadProgram(MostSessions);
            Follow(LocalAddresses.Of(routes), program);
            foreach (var item in _interfaces)
            {
                item.Follow(links, program.Program);
                Accept(item, program);
            }

            _program = program;
            return _interfaces.Select(item => item.Trouble).FirstOrDefault(trouble => trouble is not null)
                ?? Misses(program);
        }
        catch (BpfRefusedException error)
        {
            return $"offload: the kernel refuses the program: {error.Message.AsSpan().Trim().ToString().Split('\n')[^1]}";
        }
        catch (LinuxException error)
        {
            return error.Error == Errno.NotPermitted
                ? "offload: it takes the capabilities CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"
                : $"offload: {error.Message}";
        }
    }

    private void Follow(LocalAddresses local, OffloadProgram program)
    {
        if (local.IsSameAs(_local))
        {
            return;
        }

        _local = local;
        // Those that lead elsewhere now come to their sockets, and are set anew from there.
        foreach (var (key, turn) in program.Turns.ToList())
        {
            var to = turn.To;
            if (
                FlagsOf(AddressOf(to.Source, to.SourcePort), AddressOf(to.Destination, to.DestinationPort))
                != turn.Flags
            )
            {
                _ = program.Turns.Remove(key);
            }
        }
    }

    private void Accept(OffloadInterface item, OffloadProgram program)
    {
        if (item.Index == 0)
        {
            return;
        }

        if (_parameters.AcceptsLocal(item.Name))
        {
            program.Accepting.Set((uint)item.Index, 1);
        }
        else
        {
            _ = program.Accepting.Remove((uint)item.Index);
        }
    }

    private string? Misses(OffloadProgram program)
    {
        var (isForwardingMissed, isLocalMissed) = (
            _forwardingMissed.HasRisen(program.Count(Miss.Forwarding), _time),
            _ownMissed.HasRisen(program.Count(Miss.Local), _time)
        );
        var lacks = _interfaces.SelectMany(item => _parameters.NotForwarding(item.Name)).ToList();
        if (isForwardingMissed && lacks.Count > 0)
        {
            return $"offload: datagrams stay in user space, because an interface that they come in by does not forward: set {string.Join(", ", lacks)} to 1";
        }

        var closed = _interfaces.Where(item => item.Name != "lo" && !_parameters.AcceptsLocal(item.Name)).ToList();
        return isLocalMissed && closed.Count > 0
            ? $"offload: datagrams for this machine stay in user space, because an interface that they come in by takes no packets from its addresses: set {string.Join(", ", closed.Select(item => InterfaceParameters.Accept(item.Name)))} to 1"
            : null;
    }

    private DatagramTally Read(int number)
    {
        if (_program is not { } program)
        {
            return default;
        }

        ref readonly var tally = ref program.Tallies[number];
        // Time first: what comes in between must not seem to be of the future.
        var seen = Volatile.Read(in tally.Seen);
        var now = (ulong)_time.GetElapsedTime(0).Ticks * 100;
        var silence = now <= seen ? 0 : (long)((now - seen) / NanosecondsInMillisecond);
        return new((long)Volatile.Read(in tally.Datagrams), (long)Volatile.Read(in tally.Bytes), silence);
    }

    private TurnFlags FlagsOf(in SocketAddress source, in SocketAddress destination) =>
        (_local.Contains(destination) ? TurnFlags.ToHere : TurnFlags.None)
        | (IsLoopback(source) || IsLoopback(destination) ? TurnFlags.WithinLoopback : TurnFlags.None);

    private static bool IsLoopback(in SocketAddress address) =>
        address.Family == SocketFamily.IPv4 ? address.Bits >> 24 == 127 : address.Bits == UInt128.One;

    private static SocketAddress AddressOf(Xdp.Tables.TableAddress address, Xdp.Tables.TablePort port) =>
        SocketAddress.From(new IPEndPoint(address.ToAddress(), port.Number));
}

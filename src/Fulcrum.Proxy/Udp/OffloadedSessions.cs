using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Events;
using Fulcrum.Loops;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// The sessions of one loop that the kernel carries, each in a place of the loop's share. What passes there is looked up
/// every second, so that counters are right and whoever is not silent is not taken for silent.
/// </summary>
internal sealed class OffloadedSessions : LoopObject
{
    private const int LookEvery = 1000;

    /// <summary>At a time; the loop has others to serve.</summary>
    private const int MostInTurn = 512;

    private readonly Reactor _reactor;
    private readonly UdpSession?[] _sessions;
    private readonly int[] _free;
    private readonly int _first;
    private int _count;
    private int _next;
    private bool _isClosed;

    /// <param name="offload">Who carries them.</param>
    /// <param name="loop">The number of the loop.</param>
    /// <param name="loops">How many share the places.</param>
    public OffloadedSessions(Reactor reactor, IDatagramOffload offload, int loop, int loops)
    {
        (_reactor, Offload) = (reactor, offload);
        var share = offload.Places / loops;
        _first = loop * share;
        _sessions = new UdpSession?[share];
        _free = new int[share];
        for (var place = 0; place < share; place++)
        {
            _free[place] = share - 1 - place;
        }
    }

    public IDatagramOffload Offload { get; }

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many there were.</summary>
    public long Total { get; private set; }

    /// <summary>How often one was wanted, and there was no place or the kernel said no.</summary>
    public long Refused { get; private set; }

    /// <summary>Datagrams that they had.</summary>
    public long Datagrams { get; set; }

    /// <summary>Gives it a place, whose tallies are its own from now on; -1: there is none.</summary>
    public int Reserve(UdpSession session)
    {
        if (_isClosed || _count == _free.Length)
        {
            Refused++;
            return -1;
        }

        if (_count == 0)
        {
            _reactor.SetTimer(this, LookEvery);
        }

        var index = _free[_free.Length - 1 - _count];
        _sessions[index] = session;
        _count++;
        return _first + index;
    }

    /// <summary>Has one carried that has a place. False: it has none any more.</summary>
    public bool TryTake(int place, in DatagramPaths paths)
    {
        if (Offload.TryTake(place, paths))
        {
            Total++;
            return true;
        }

        Refused++;
        Remove(place);
        return false;
    }

    /// <summary>Its place is free for another.</summary>
    public void Remove(int place)
    {
        _sessions[place - _first] = null;
        _count--;
        _free[_free.Length - 1 - _count] = place - _first;
    }

    /// <summary>Things have changed: those that may not be carried by what holds now come back.</summary>
    public void Reconsider()
    {
        foreach (var session in _sessions)
        {
            session?.Reconsider();
        }
    }

    /// <summary>All come back, and nobody is carried any more.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var session in _sessions)
        {
            session?.ComeBack();
        }
    }

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnTimer()
    {
        _next = 0;
        OnTurn();
    }

    protected override void OnTurn()
    {
        for (var left = MostInTurn; _next < _sessions.Length && left > 0; _next++)
        {
            if (_sessions[_next] is { } session)
            {
                left--;
                session.Look();
            }
        }

        if (_next < _sessions.Length)
        {
            _reactor.MakeReady(this);
        }
        else if (_count > 0)
        {
            _reactor.SetTimer(this, LookEvery);
        }
    }

    protected override void OnFault(Exception fault) => _reactor.SetTimer(this, LookEvery);
}

using Fulcrum.Linux;
using Fulcrum.Linux.Events;

namespace Fulcrum.Proxy.Tests.Simulation;

internal enum Fate
{
    Accept,
    Refuse,
    Silence,
}

/// <summary>
/// The relay's end of a TCP connection as Linux keeps it (net/ipv4/tcp.c): two bounded queues, what was received
/// and reported of end-of-stream and reset, and whether a sender waits for room. The other end is a
/// <see cref="Peer"/>, which reads and fills the queues itself.
/// </summary>
internal sealed class SimulatedSocket(SimulatedKernel kernel, int descriptor)
{
    public readonly Ring Incoming = new();
    public readonly Ring Outgoing = new();
    public Peer? Peer;
    public ulong Token;
    public Fate Fate;
    public bool IsOpen;
    public bool IsConnecting;
    public bool IsRegistered;
    public bool IsQueued;
    public bool WriteShut;

    /// <summary>What was sent last waits for more (MSG_MORE).</summary>
    public bool IsWaitingForMore;

    private bool _peerFinished;
    private bool _dead;
    private bool _wantsRoom;
    private Errno _error;

    public int Descriptor => descriptor;

    /// <summary>Whether the peer can still talk to somebody.</summary>
    public bool IsDead => _dead;

    public void Reuse(int capacity)
    {
        Incoming.Clear(capacity);
        Outgoing.Clear(capacity);
        Peer = null;
        IsOpen = true;
        IsConnecting = IsRegistered = IsQueued = WriteShut = _peerFinished = _dead = _wantsRoom = false;
        IsWaitingForMore = false;
        _error = Errno.None;
    }

    /// <summary>tcp_poll(): what is the case now; asking while there is no room means waiting for it.</summary>
    public EpollEvents Poll()
    {
        if (IsConnecting)
        {
            return EpollEvents.None;
        }
        var events = EpollEvents.None;
        if (_error != Errno.None)
        {
            events |= EpollEvents.Error;
        }
        if (_dead || (_peerFinished && WriteShut))
        {
            events |= EpollEvents.HangUp;
        }
        if (_dead || _peerFinished)
        {
            events |= EpollEvents.Readable | EpollEvents.PeerClosed;
        }
        if (Incoming.Count > 0)
        {
            events |= EpollEvents.Readable;
        }
        if (_dead || WriteShut || HasRoom)
        {
            events |= EpollEvents.Writable;
        }
        else
        {
            _wantsRoom = true;
        }
        return events;
    }

    public int Receive(Span<byte> buffer, bool peek)
    {
        if (Incoming.Count > 0)
        {
            var count = Math.Min(buffer.Length, Incoming.Count);
            for (var index = 0; index < count; index++)
            {
                buffer[index] = peek ? Incoming.Look(index) : Incoming.Take();
            }
            return count;
        }
        if (_peerFinished)
        {
            return 0;
        }
        if (_error != Errno.None)
        {
            return -(int)TakeError();
        }
        return _dead ? 0 : -(int)Errno.TryAgain;
    }

    public int Send(ReadOnlySpan<byte> data, bool more = false)
    {
        if (_dead || WriteShut || _error != Errno.None)
        {
            return -(int)(_error != Errno.None ? TakeError() : Errno.BrokenPipe);
        }
        var count = Math.Min(data.Length, Outgoing.Free);
        _wantsRoom |= count < data.Length;
        IsWaitingForMore = more && count == data.Length;
        if (count == 0)
        {
            return -(int)Errno.TryAgain;
        }
        for (var index = 0; index < count; index++)
        {
            Outgoing.Add(data[index]);
        }
        if (Peer!.IsClosed)
        {
            // Data for a process that has gone: its kernel answers with a reset.
            ReceiveReset();
        }
        return count;
    }

    public int ShutdownWrite()
    {
        if (_dead)
        {
            return -(int)Errno.NotConnected;
        }
        WriteShut = true;
        IsWaitingForMore = false;
        Wake();
        return 0;
    }

    private Errno TakeError()
    {
        var error = _error;
        _error = Errno.None;
        return error;
    }

    public void Close(bool reset)
    {
        IsOpen = IsRegistered = false;
        if (_dead || IsConnecting || Peer is null)
        {
            return;
        }
        if (reset || Incoming.Count > 0)
        {
            Outgoing.Clear();
            Peer.SawReset = true;
        }
        else
        {
            WriteShut = true;
        }
    }

    public void ReceiveFinish()
    {
        _peerFinished = true;
        Wake();
    }

    /// <summary>tcp_reset(): what was received stays readable, what waits to be sent is gone.</summary>
    public void ReceiveReset()
    {
        if (!_dead)
        {
            Die(_peerFinished ? Errno.BrokenPipe : Errno.ConnectionReset);
        }
    }

    public void FinishConnect()
    {
        IsConnecting = false;
        Wake();
    }

    public void FailConnect()
    {
        IsConnecting = false;
        Die(Errno.ConnectionRefused);
    }

    /// <summary>sk_stream_write_space(): tells a sender who waits, once a third of the room is free.</summary>
    public void TellRoom()
    {
        if (_wantsRoom && HasRoom)
        {
            _wantsRoom = false;
            Wake();
        }
    }

    public void Wake() => kernel.Queue(this);

    private bool HasRoom => Outgoing.Free * 3 >= Outgoing.Capacity;

    private void Die(Errno error)
    {
        _error = error;
        _dead = true;
        Outgoing.Clear();
        Wake();
    }
}

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>
/// The program at the far end of one of the relay's sockets. It writes a sequence that its salt determines, so that
/// whoever reads it can tell a byte that is wrong, missing or out of place.
/// </summary>
internal sealed class Peer
{
    private SimulatedSocket _socket = null!;
    private int _salt;
    private byte[] _header = [];
    private int _mark;

    /// <summary>All bytes that it has sent, with the header.</summary>
    public int Sent { get; private set; }

    /// <summary>The bytes of the header, which the relay takes for itself.</summary>
    public int Consumed { get; set; }

    /// <summary>What is meant for the other end.</summary>
    public int Written => Math.Max(0, Sent - Consumed);

    /// <summary>Bytes of the other end that have come.</summary>
    public int Read { get; private set; }

    /// <summary>Bytes of its own that came back.</summary>
    public int Echoed { get; private set; }

    /// <summary>It ended its sending direction.</summary>
    public bool Finished { get; private set; }

    /// <summary>It reset the connection, or closed it with data unread, which is the same to the other end.</summary>
    public bool DidReset { get; private set; }

    /// <summary>It closed both directions: it reads no more.</summary>
    public bool IsClosed { get; private set; }

    public bool ReadEnd { get; private set; }

    public bool SawReset { get; set; }

    /// <summary>What was wrong with a byte it read.</summary>
    public string? Complaint { get; private set; }

    public bool IsLive => !DidReset && !IsClosed && !SawReset;

    public SimulatedSocket Socket => _socket;

    /// <param name="isClient">Bytes tell whose they are, so that an echo among the other's can be told from them.</param>
    /// <param name="header">What it sends before all else.</param>
    public void Begin(SimulatedSocket socket, int salt, bool isClient, byte[] header)
    {
        _socket = socket;
        socket.Peer = this;
        (_salt, _mark, _header) = (salt, isClient ? 0x80 : 0, header);
        Sent = Read = Echoed = 0;
        Consumed = header.Length;
        Finished = DidReset = IsClosed = ReadEnd = SawReset = false;
        Complaint = null;
    }

    public void Write(int count)
    {
        if (Finished || !IsLive)
        {
            return;
        }
        if (!_socket.IsOpen)
        {
            // The relay closed in the belief that nothing more would come.
            SawReset = true;
            return;
        }
        count = Math.Min(count, _socket.Incoming.Free);
        for (; count > 0; count--)
        {
            _socket.Incoming.Add(ByteAt(Sent++));
        }
        _socket.Wake();
    }

    /// <summary>Reads up to <paramref name="count"/> bytes of <paramref name="sender"/>; true when anything was there.</summary>
    public bool ReadFrom(Peer? sender, int count)
    {
        if (!IsLive || ReadEnd)
        {
            return false;
        }
        if (_socket.Outgoing.Count == 0)
        {
            NoticeEnd();
            return ReadEnd;
        }
        for (; count > 0 && _socket.Outgoing.Count > 0; count--)
        {
            var value = _socket.Outgoing.Take();
            if (sender is not null && Read < sender.Written && value == sender.ByteAt(sender.Consumed + Read))
            {
                Read++;
            }
            else if (Echoed < Written && value == ByteAt(Consumed + Echoed))
            {
                Echoed++;
            }
            else
            {
                Complaint ??= $"what comes after {Read} bytes is not what was sent";
            }
        }
        if (_socket.IsOpen)
        {
            _socket.TellRoom();
        }
        return true;
    }

    /// <summary>Reads, if that is all there is to be read, the end.</summary>
    public void NoticeEnd() => ReadEnd |= IsLive && _socket.Outgoing.Count == 0 && _socket.WriteShut;

    public void Finish()
    {
        if (!Finished && IsLive)
        {
            Finished = true;
            _socket.ReceiveFinish();
        }
    }

    public void Reset()
    {
        if (IsLive)
        {
            DidReset = true;
            _socket.ReceiveReset();
        }
    }

    public void Close()
    {
        if (!IsLive)
        {
            return;
        }
        if (_socket.Outgoing.Count > 0)
        {
            Reset();
            return;
        }
        Finish();
        IsClosed = true;
    }

    public override string ToString() =>
        $"wrote {Written} of {Sent}, read {Read}, got back {Echoed}"
        + $"{(Finished ? ", finished" : "")}{(DidReset ? ", reset" : "")}{(IsClosed ? ", closed" : "")}"
        + $"{(ReadEnd ? ", read the end" : "")}{(SawReset ? ", saw a reset" : "")}";

    private byte ByteAt(int position)
    {
        if (position < _header.Length)
        {
            return _header[position];
        }
        position -= _header.Length;
        return (byte)((((position * 37) + (position >> 5) + _salt) & 0x7F) | _mark);
    }
}

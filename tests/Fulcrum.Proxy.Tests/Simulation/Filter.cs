namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>
/// The program that a detour leads through: it says what it was told, sooner or later, and may break. A patient one says
/// nothing before it was told all.
/// </summary>
internal sealed class Filter
{
    /// <summary>Bytes that it keeps to itself at most.</summary>
    private const int Most = 20;

    private readonly Peer _peer = new();
    private readonly Queue<byte> _held = new();
    private readonly Connection _connection;
    private bool _hasHeard;

    private readonly bool _isPatient;

    public Filter(SimulatedSocket socket, Connection connection, bool isPatient)
    {
        (_connection, _isPatient) = (connection, isPatient);
        connection.HasPatientFilter |= isPatient;
        _peer.Begin(socket, 0, isClient: false, []);
    }

    public Connection Connection => _connection;

    /// <summary>What has come to the relay of it is not known there yet.</summary>
    public bool IsNews => _peer.Socket.IsQueued;

    /// <summary>Listens. True when there was anything.</summary>
    public bool Take(int count)
    {
        var socket = _peer.Socket;
        if (!_peer.IsLive)
        {
            return false;
        }
        var taken = 0;
        for (; taken < count && (_isPatient || _held.Count < Most) && socket.Outgoing.Count > 0; taken++)
        {
            _held.Enqueue(socket.Outgoing.Take());
        }
        _hasHeard |= taken > 0;
        if (taken > 0 && socket.IsOpen)
        {
            socket.TellRoom();
        }
        return taken > 0;
    }

    /// <summary>Says what it has, and the end when it was told that. True when there was anything to say.</summary>
    public bool Give(int count)
    {
        var socket = _peer.Socket;
        if (!_peer.IsLive || _peer.Finished || !socket.IsOpen)
        {
            return false;
        }
        if (_isPatient && !(socket.WriteShut && socket.Outgoing.Count == 0))
        {
            return false;
        }
        var given = 0;
        for (; given < count && _held.Count > 0 && socket.Incoming.Free > 0; given++)
        {
            socket.Incoming.Add(_held.Dequeue());
        }
        if (given > 0)
        {
            socket.Wake();
        }
        if (_held.Count > 0 || socket.Outgoing.Count > 0 || !socket.WriteShut)
        {
            return given > 0;
        }
        _peer.Finish();
        return true;
    }

    public void Break()
    {
        if (_peer is { IsLive: true, Finished: false, Socket.IsOpen: true })
        {
            // Before the relay has sent a byte it may take it for a filter that does not take connections, and try another.
            _connection.MayLoseDetour = true;
            _connection.IsDetourBroken |= _hasHeard;
            _peer.Reset();
        }
    }
}

namespace Fulcrum.Engine.Ports;

/// <summary>
/// Who carries sessions of datagrams in the place of the loops: the kernel. A session has a place there, one of a fixed
/// number that the loops have shared out among themselves, so that none of them waits for another. Only the loop that has
/// a place calls with it. Nothing here allocates, locks or throws.
/// </summary>
public interface IDatagramOffload
{
    /// <summary>How many places there are.</summary>
    int Places { get; }

    /// <summary>Carries a session from its next datagram on. False: it cannot now.</summary>
    bool TryTake(int place, in DatagramPaths paths);

    /// <summary>Leaves the session's datagrams to its sockets again.</summary>
    void Leave(in DatagramPaths paths);

    /// <summary>What was carried from clients to backends in that place, by all sessions that had it.</summary>
    DatagramTally ToBackend(int place);

    /// <summary>The same of what came back.</summary>
    DatagramTally ToClient(int place);

    /// <summary>What was wanted of it and is not so, and is tried again. Null: all is.</summary>
    string? Trouble { get; }
}

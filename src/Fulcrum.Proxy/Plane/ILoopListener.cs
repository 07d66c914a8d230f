using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Plane;

/// <summary>One socket that clients reach, on one loop.</summary>
internal interface ILoopListener
{
    Entrance Entrance { get; }

    /// <summary>Whether the socket is closed: nothing is left to abort.</summary>
    bool IsClosed { get; }

    /// <summary>What it listens on; those that are closed are among them.</summary>
    IEnumerable<int> Descriptors { get; }

    /// <summary>Lets clients in, as soon as the kernel allows it.</summary>
    void Start(int backlog);

    /// <summary>Takes what waits in the kernel's queue, then nothing more.</summary>
    /// <param name="deadline">How long sessions which need this socket may still use it.</param>
    void Close(TimeSpan deadline);

    /// <summary>
    /// Another process has the same socket and takes what comes from now on; sessions which need it may still use it.
    /// </summary>
    void HandOver(TimeSpan deadline);

    /// <summary>Closes at once, with the sessions that need this socket.</summary>
    void Abort();
}

using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// The system calls that a relay makes, on plain descriptors: results of zero or more, or negative error numbers.
/// Implemented by structs, so that the compiler of the runtime makes the relay anew for each, with direct calls; a
/// simulated kernel is the other implementation.
/// </summary>
internal interface ISocketIo
{
    /// <summary>Every edge of the descriptor comes to the reactor with this token.</summary>
    int Register(int descriptor, ulong token);

    /// <summary>A stream socket towards a backend, as the plan has it.</summary>
    /// <param name="hasData">Something is there to be sent at once.</param>
    int Open(ConnectPlan plan, in SocketAddress target, in SocketAddress client, bool hasData);

    /// <summary>A named pipe that somebody reads.</summary>
    int OpenNamed(string path);

    int Connect(int descriptor, in SocketAddress address);

    /// <summary>Our end of a connection.</summary>
    int LocalAddress(int descriptor, out SocketAddress address);

    int Receive(int descriptor, Span<byte> buffer);

    int Peek(int descriptor, Span<byte> buffer);

    /// <summary>One message, taken or looked at: its whole length, although only so much is read as there is room for.</summary>
    int ReceiveMessage(int descriptor, Span<byte> buffer, bool peeks);

    /// <param name="more">
    /// More follows in this turn or the next, even if it is only the end: they become one packet where they can. The kernel
    /// waits for a fifth of a second.
    /// </param>
    int Send(int descriptor, ReadOnlySpan<byte> data, bool more = false);

    /// <summary>The same for what is no socket.</summary>
    int Write(int descriptor, ReadOnlySpan<byte> data);

    /// <summary>A pipe to splice through; null: there is none to be had.</summary>
    SplicePipe? OpenPipe();

    void ClosePipe(SplicePipe pipe);

    /// <summary>Moves what is there, at most <paramref name="count"/> bytes, from a socket into a pipe or out of it.</summary>
    int Splice(int from, int to, int count);

    int ShutdownWrite(int descriptor);

    int Close(int descriptor);

    /// <summary>Closes so that the peer sees a broken connection.</summary>
    int Reset(int descriptor);
}

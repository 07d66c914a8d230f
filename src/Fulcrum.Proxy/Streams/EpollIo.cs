using Fulcrum.Linux.Files;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Streams;

/// <summary>The kernel's sockets, registered with a loop.</summary>
internal readonly struct EpollIo(EventLoop loop) : ISocketIo
{
    private const int On = 1;
    private const int Off = 0;

    public int Register(int descriptor, ulong token) => loop.Register(descriptor, token);

    public int Open(ConnectPlan plan, in SocketAddress target, in SocketAddress client, bool hasData)
    {
        var kind = plan.KindTo(target);
        var descriptor = plan.Open(kind, target, client);
        if (descriptor >= 0 && target.Family != SocketFamily.Unix && kind == SocketKind.Stream)
        {
            _ = SocketCalls.Set(descriptor, SocketOption.NoDelay, On);
            if (plan.Tuning.OpensFast && !hasData)
            {
                // The kernel would wait with the SYN for data to go with it, and the client may wait for the backend.
                _ = SocketCalls.Set(descriptor, SocketOption.FastOpenConnect, Off);
            }
        }
        return descriptor;
    }

    public int OpenNamed(string path) => PipeCalls.OpenNamed(path);

    public int Connect(int descriptor, in SocketAddress address) => SocketCalls.Connect(descriptor, address);

    public int LocalAddress(int descriptor, out SocketAddress address) =>
        SocketCalls.LocalAddress(descriptor, out address);

    public int Receive(int descriptor, Span<byte> buffer) => SocketCalls.Receive(descriptor, buffer);

    public int ReceiveMessage(int descriptor, Span<byte> buffer, bool peeks) =>
        SocketCalls.ReceiveMessage(descriptor, buffer, peeks);

    public int Peek(int descriptor, Span<byte> buffer) => SocketCalls.Peek(descriptor, buffer);

    public int Send(int descriptor, ReadOnlySpan<byte> data, bool more = false) =>
        SocketCalls.Send(descriptor, data, more);

    public int Write(int descriptor, ReadOnlySpan<byte> data) => PipeCalls.Write(descriptor, data);

    public SplicePipe? OpenPipe() =>
        PipeCalls.OpenToSplice(out var reader, out var writer, out var capacity) < 0
            ? null
            : new SplicePipe(reader, writer, capacity);

    public void ClosePipe(SplicePipe pipe)
    {
        _ = SocketCalls.Close(pipe.Reader);
        _ = SocketCalls.Close(pipe.Writer);
    }

    public int Splice(int from, int to, int count) => PipeCalls.Splice(from, to, count);

    public int ShutdownWrite(int descriptor) => SocketCalls.ShutdownWrite(descriptor);

    public int Close(int descriptor) => SocketCalls.Close(descriptor);

    public int Reset(int descriptor) => SocketCalls.Reset(descriptor);
}

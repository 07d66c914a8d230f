using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Streams;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>The relay's system calls, answered by the simulated kernel.</summary>
internal readonly struct SimulatedIo(World world) : ISocketIo
{
    private const int BadDescriptor = -(int)Errno.BadDescriptor;

    public int Register(int descriptor, ulong token)
    {
        if (world.Kernel.Find(descriptor) is not { } socket)
        {
            return BadDescriptor;
        }
        socket.Token = token;
        socket.IsRegistered = true;
        socket.Wake();
        return 0;
    }

    public int Open(ConnectPlan plan, in SocketAddress target, in SocketAddress client, bool hasData) =>
        world.OpenSocket();

    public int OpenNamed(string path) => -(int)Errno.NotFound;

    public int Connect(int descriptor, in SocketAddress address) =>
        world.Kernel.Find(descriptor) is { } socket ? world.Connect(socket, address) : BadDescriptor;

    public int LocalAddress(int descriptor, out SocketAddress address)
    {
        address = default;
        return 0;
    }

    public int Receive(int descriptor, Span<byte> buffer) =>
        world.Kernel.Find(descriptor) is { } socket ? socket.Receive(buffer, false) : BadDescriptor;

    public int Peek(int descriptor, Span<byte> buffer) =>
        world.Kernel.Find(descriptor) is { } socket ? socket.Receive(buffer, true) : BadDescriptor;

    public int ReceiveMessage(int descriptor, Span<byte> buffer, bool peeks) =>
        throw new NotSupportedException("The simulated kernel knows streams alone.");

    public int Send(int descriptor, ReadOnlySpan<byte> data, bool more = false) =>
        world.Kernel.Find(descriptor) is { } socket ? socket.Send(data, more) : BadDescriptor;

    public int Write(int descriptor, ReadOnlySpan<byte> data) => Send(descriptor, data);

    public SplicePipe? OpenPipe() => world.Kernel.CreatePipe();

    public void ClosePipe(SplicePipe pipe) => world.Kernel.ClosePipe(pipe);

    public int Splice(int from, int to, int count) => world.Kernel.Splice(from, to, count);

    public int ShutdownWrite(int descriptor) =>
        world.Kernel.Find(descriptor) is { } socket ? world.ShutdownWrite(socket) : BadDescriptor;

    public int Close(int descriptor) => Close(descriptor, false);

    public int Reset(int descriptor) => Close(descriptor, true);

    private int Close(int descriptor, bool reset)
    {
        if (world.Kernel.Find(descriptor) is not { } socket)
        {
            return BadDescriptor;
        }
        world.Close(socket, reset);
        return 0;
    }
}

using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Clients and backends of UDP tests: plain sockets, every wait bounded.</summary>
internal static class Datagrams
{
    private const int UdpLevel = 17;
    private const int SegmentSize = 103;
    private const int ReceiveTrains = 104;

    public static Socket Open(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    public static async Task<Socket> OpenAsync(IPAddress address, EndPoint target)
    {
        var socket = Open(address);
        await socket.ConnectAsync(target);
        return socket;
    }

    /// <summary>All that the socket sends falls into datagrams of this size; 0: into one each.</summary>
    public static void SendTrainsOf(this Socket socket, int size) =>
        socket.SetRawSocketOption(UdpLevel, SegmentSize, BitConverter.GetBytes(size));

    /// <summary>What came as a train is received by one call.</summary>
    public static void TakeTrains(this Socket socket) =>
        socket.SetRawSocketOption(UdpLevel, ReceiveTrains, BitConverter.GetBytes(1));

    public static async Task<IPEndPoint> ServeAsync(
        PlaneHarness harness,
        IPAddress? address,
        Socket backend,
        params PlaneBackend[] others
    )
    {
        var port = PlaneHarness.FreePort(ProtocolType.Udp, address?.AddressFamily ?? AddressFamily.InterNetwork);
        PlaneBackend[] backends = [PlaneHarness.Backend(backend.LocalEndPoint!), .. others];
        await harness.ApplyAsync(harness.Table(ListenerProtocol.Udp, address, port, backends));
        return new IPEndPoint(address ?? IPAddress.Loopback, port);
    }

    public static async Task<byte[]> AskAsync(Socket client, byte[] data)
    {
        await client.SendAsync(data);
        return await ReceiveAsync(client);
    }

    public static async Task<byte[]> ReceiveAsync(Socket socket) => (await ReceiveFromAsync(socket)).Data;

    public static async Task<(byte[] Data, EndPoint From)> ReceiveFromAsync(Socket socket)
    {
        var buffer = new byte[65_536];
        var received = await socket.ReceiveFromAsync(buffer, AnyOf(socket)).WaitAsync(Wait.DefaultTimeout);
        return (buffer[..received.ReceivedBytes], received.RemoteEndPoint);
    }

    /// <summary>How long the next datagrams are.</summary>
    public static async Task<int[]> ReceiveSizesAsync(Socket socket, int count)
    {
        var sizes = new int[count];
        for (var index = 0; index < count; index++)
        {
            sizes[index] = (await ReceiveAsync(socket)).Length;
        }
        return sizes;
    }

    /// <summary>Answers every datagram with what it says, until the socket is closed.</summary>
    public static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[65_536];
        var any = AnyOf(socket);
        try
        {
            while (true)
            {
                var request = await socket.ReceiveFromAsync(buffer, any);
                await socket.SendToAsync(buffer.AsMemory(0, request.ReceivedBytes), request.RemoteEndPoint);
            }
        }
        catch (SocketException) { }
        catch (ObjectDisposedException) { }
    }

    /// <summary>Keeps all loops from doing anything while <paramref name="run"/> runs, so that what comes waits.</summary>
    public static void HoldLoops(PlaneHarness harness, Action run)
    {
        using var held = new CountdownEvent(PlaneHarness.Loops);
        using var release = new ManualResetEventSlim();
        var loops = harness
            .Plane.EventLoops.Select(loop =>
                loop.InvokeAsync(() =>
                {
                    held.Signal();
                    release.Wait(Wait.DefaultTimeout);
                })
            )
            .ToList();
        Assert.True(held.Wait(Wait.DefaultTimeout), "a loop did not stop");
        try
        {
            run();
        }
        finally
        {
            release.Set();
            Assert.True(Task.WaitAll([.. loops], Wait.DefaultTimeout), "a loop did not go on");
        }
    }

    public static byte[] Noise(int size, int seed = 1)
    {
        var data = new byte[size];
        new Random(seed).NextBytes(data);
        return data;
    }

    private static IPEndPoint AnyOf(Socket socket) =>
        new(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
}

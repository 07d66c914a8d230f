using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Clients and backends of the tests: plain sockets, every wait bounded by the test's own.</summary>
internal static class Sockets
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static Socket Listen(int backlog = 1024, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen(backlog);
        return socket;
    }

    public static async Task<Socket> ConnectAsync(EndPoint target, IPAddress? from = null)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }
            await socket.ConnectAsync(target).WaitAsync(Bound);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A connection from one of the addresses 127.0.0.N; null when it is reset before the program learns of it.</summary>
    public static async Task<Socket?> TryConnectFromAsync(int source, EndPoint target)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)source]), 0));
        try
        {
            await socket.ConnectAsync(target).WaitAsync(Bound);
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>A connection that is reset, be it before the program learns that it was there; null then.</summary>
    public static async Task<Socket?> TryConnectAsync(EndPoint target)
    {
        try
        {
            return await ConnectAsync(target);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return null;
        }
    }

    /// <summary>Connects and sees the connection reset.</summary>
    public static async Task AssertTurnedAwayAsync(EndPoint target)
    {
        using var socket = await TryConnectAsync(target);
        await (socket?.AssertResetAsync() ?? Task.CompletedTask);
    }

    /// <summary>Sockets that this process has open.</summary>
    public static int Count() =>
        Directory
            .GetFiles("/proc/self/fd")
            .Count(path => new FileInfo(path).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false);

    /// <summary>TCP sockets of this machine that listen on a port of IPv4: what other tests leave to be closed is not among them.</summary>
    public static int CountListening(int port)
    {
        const string Listening = "0A";
        var end = $":{port:X4}";
        // The kernel lists those that listen first. Behind them may be tens of thousands of connections that other tests
        // closed, and it is asked for no more of them than the first few.
        return File.ReadLines("/proc/net/tcp")
            .Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .TakeWhile(fields => fields[3] == Listening)
            .Count(fields => fields[1].EndsWith(end, StringComparison.Ordinal));
    }

    /// <summary>Fills the queue of a listener that accepts nothing, so that the kernel drops further SYNs.</summary>
    public static async Task<List<Socket>> FillAsync(this Socket listener)
    {
        var fillers = new List<Socket>();
        while (true)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            fillers.Add(filler);
            using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            try
            {
                await filler.ConnectAsync(listener.LocalEndPoint!, bound.Token);
            }
            catch (OperationCanceledException)
            {
                return fillers;
            }
        }
    }

    public static Task<Socket> AcceptOneAsync(this Socket listener) => listener.AcceptAsync().WaitAsync(Bound);

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
        {
            data = data[(await socket.SendAsync(data).AsTask().WaitAsync(Bound))..];
        }
    }

    public static Task<int> ReceiveSomeAsync(this Socket socket, Memory<byte> buffer) =>
        socket.ReceiveAsync(buffer).AsTask().WaitAsync(Bound);

    /// <summary>Reads exactly so many bytes.</summary>
    public static async Task<byte[]> ReceiveExactlyAsync(this Socket socket, int count)
    {
        var buffer = new byte[count];
        for (var have = 0; have < count; )
        {
            var received = await socket.ReceiveSomeAsync(buffer.AsMemory(have));
            Assert.True(received > 0, $"the stream ended after {have} of {count} bytes");
            have += received;
        }
        return buffer;
    }

    /// <summary>Reads until the end of the stream.</summary>
    public static async Task<byte[]> ReceiveToEndAsync(this Socket socket)
    {
        var all = new List<byte>();
        var buffer = new byte[65_536];
        int received;
        while ((received = await socket.ReceiveSomeAsync(buffer)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, received));
        }
        return [.. all];
    }

    /// <summary>Nothing more comes, and the other end has said so.</summary>
    public static async Task AssertEndAsync(this Socket socket) =>
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(Bound));

    public static async Task AssertResetAsync(this Socket socket)
    {
        var exception = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await socket.ReceiveSomeAsync(new byte[1024]) > 0) { }
        });
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    /// <summary>Closes with a reset.</summary>
    public static void Abort(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Answers every connection with what it says, until the listener is closed.</summary>
    public static async Task EchoAsync(Socket listener, int bufferSize = 65_536)
    {
        try
        {
            while (true)
            {
                _ = EchoOneAsync(await listener.AcceptAsync(), bufferSize);
            }
        }
        catch (SocketException) { }
        catch (ObjectDisposedException) { }
    }

    private static async Task EchoOneAsync(Socket socket, int bufferSize)
    {
        using (socket)
        {
            var buffer = new byte[bufferSize];
            try
            {
                int received;
                while ((received = await socket.ReceiveAsync(buffer)) > 0)
                {
                    await socket.SendAllAsync(buffer.AsMemory(0, received));
                }
            }
            catch (SocketException) { }
        }
    }
}

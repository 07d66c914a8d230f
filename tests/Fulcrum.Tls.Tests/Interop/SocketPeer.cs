using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests.Interop;

/// <summary>An engine on a socket that blocks: it answers what it hears until the other ends, and then ends itself.</summary>
internal static class SocketPeer
{
    public static (Socket One, Socket Other) Pair()
    {
        using var listener = Listen();
        var one = new Socket(SocketType.Stream, ProtocolType.Tcp);
        one.Connect(listener.LocalEndPoint!);
        return (one, listener.Accept());
    }

    public static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    /// <returns>All that was heard.</returns>
    public static Task<byte[]> Run(Socket socket, TlsEngine engine, byte[] says) =>
        Task.Factory.StartNew(
            () => Talk(socket, engine, says),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private static byte[] Talk(Socket socket, TlsEngine engine, byte[] says)
    {
        socket.ReceiveTimeout = socket.SendTimeout = (int)Wait.DefaultTimeout.TotalMilliseconds;
        var heard = new List<byte>();
        var wire = new byte[16 * 1024];
        var plain = new byte[wire.Length + TlsEngine.MaxBuffered];
        var reply = new byte[TlsEngine.UsualReply];
        var isSaid = false;
        for (var count = 0; ; count = socket.Receive(wire))
        {
            var turn = engine.Receive(wire.AsSpan(0, count), plain, reply);
            heard.AddRange(plain.AsSpan(0, turn.Plain));
            socket.Send(reply.AsSpan(0, turn.Wire));
            if (engine.IsEstablished && !isSaid)
            {
                isSaid = true;
                var room = new byte[TlsEngine.WireLength(says.Length)];
                socket.Send(room.AsSpan(0, engine.Send(says, room).Wire));
            }
            if (turn.Outcome != TlsOutcome.Continue)
            {
                socket.Send(reply.AsSpan(0, engine.Finish(reply).Wire));
                socket.Shutdown(SocketShutdown.Send);
                return [.. heard];
            }
        }
    }
}

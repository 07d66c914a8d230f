using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Adversaries;

/// <summary>An <see cref="Adversary"/> on UDP: what it answers is made of what it heard.</summary>
internal sealed class DatagramAdversary : Adversary
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Func<string, byte[], byte[]> _answer;
    private readonly Task _serving;

    public DatagramAdversary(string script, ManualTimeProvider time, Func<string, byte[], byte[]> answer, int port = 0)
        : base(script, time)
    {
        _answer = answer;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        EndPoint = _socket.LocalEndPoint!;
        _serving = Task.Run(Serve);
    }

    public override EndPoint EndPoint { get; }

    public override async ValueTask DisposeAsync()
    {
        End();
        _socket.Dispose();
        _other.Dispose();
        await _serving;
    }

    private async Task Serve()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var from = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                Meet();
                foreach (var (word, rest) in Steps)
                {
                    await Do(word, rest, buffer[..from.ReceivedBytes], from.RemoteEndPoint);
                }

                Rest();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Do(string word, string rest, byte[] request, EndPoint peer)
    {
        switch (word)
        {
            case "say":
                await _socket.SendToAsync(Bytes(rest), peer);
                break;
            case "answer":
                await _socket.SendToAsync(_answer(rest, request), peer);
                break;
            case "spoof":
                await _other.SendToAsync(_answer(rest, request), peer);
                break;
            case "flood":
                for (var i = 0; i < 1000; i++)
                {
                    await _socket.SendToAsync(_answer(rest, request), peer);
                }

                break;
            case "pause":
                await Pause(TimeSpan.FromMilliseconds(int.Parse(rest, null)));
                break;
            default:
                throw new ArgumentException(word);
        }
    }
}

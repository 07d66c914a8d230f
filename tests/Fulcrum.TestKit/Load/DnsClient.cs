using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Load;

/// <summary>Asks one question over UDP from a fresh socket, so from a fresh port: one flow, one datagram each way.</summary>
public static class DnsClient
{
    /// <summary>Asks and waits for the answer with the question's identifier; says why none came.</summary>
    public static async Task<DnsAnswer> Ask(
        NetworkNamespace? home,
        IPEndPoint server,
        string name,
        DnsType type,
        TimeSpan timeout,
        ushort id = 4711
    )
    {
        using var socket =
            home?.OpenSocket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
            ?? new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using var bound = new CancellationTokenSource(timeout, TimeProvider.System);
        var buffer = new byte[4096];
        try
        {
            await socket.ConnectAsync(server, bound.Token);
            await socket.SendAsync(DnsMessage.EncodeQuery(id, name, type), bound.Token);
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, bound.Token);
                var message = DnsMessage.Decode(buffer.AsSpan(0, length));
                if (message.Id == id)
                {
                    return new DnsAnswer(message, null);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new DnsAnswer(
                null,
                new Failure(FailureKind.TimedOut, $"no answer within {timeout.TotalMilliseconds} ms")
            );
        }
        catch (SocketException e)
        {
            return new DnsAnswer(null, new Failure(FailureKind.ConnectFailed, e.SocketErrorCode.ToString()));
        }
        catch (FormatException e)
        {
            return new DnsAnswer(null, new Failure(FailureKind.BadResponse, e.Message));
        }
    }
}

/// <summary>What came of one question: a message, or the reason why there is none.</summary>
public sealed record DnsAnswer(DnsMessage? Message, Failure? Failure);

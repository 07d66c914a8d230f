using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Load;

namespace Fulcrum.TestKit.Tests.Load;

public sealed class DnsLoadTests
{
    [Fact]
    public void A_query_is_encoded_as_RFC_1035_draws_it() =>
        Assert.Equal(
            "1267010000010000000000000377777704746573740000010001",
            Convert.ToHexStringLower(DnsMessage.EncodeQuery(0x1267, "www.test", DnsType.A))
        );

    [Theory]
    [InlineData("")]
    [InlineData("126781800001")]
    [InlineData("12678180000100010000000003777777")]
    [InlineData("126781800001000100000000c00c00010001")]
    [InlineData("126701000001000000000000037777770474657374000001000100")]
    public void What_is_no_response_is_refused(string hex) =>
        Assert.Throws<FormatException>(() => DnsMessage.Decode(Convert.FromHexString(hex)));

    [Fact]
    public async Task Answers_are_counted_by_what_they_say_and_losses_are_timeouts()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var server = AnswerEveryOther(socket);
        await using var load = DnsLoad.Start(
            null,
            new DnsLoadOptions
            {
                Target = (IPEndPoint)socket.LocalEndPoint!,
                Name = "www.test",
                QuestionsPerClient = 4,
                Timeout = TimeSpan.FromMilliseconds(200),
            }
        );
        var report = await load.Completion();
        Assert.Equal(4, await Wait.For(server, "the server to have seen all questions"));
        Assert.Equal(2, report.ByLabel["192.0.2.7"]);
        Assert.Equal(2, report.CountOf(FailureKind.TimedOut));
        Assert.Equal(2, report.Failed);
    }

    [Fact]
    public async Task An_unreachable_port_is_told_from_silence()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var end = (IPEndPoint)socket.LocalEndPoint!;
        socket.Dispose();
        var answer = await DnsClient.Ask(null, end, "x.test", DnsType.A, Wait.DefaultTimeout);
        Assert.Equal(FailureKind.ConnectFailed, answer.Failure?.Kind);
    }

    /// <summary>Answers the first, third … question with 192.0.2.7 and returns how many different client ports there were.</summary>
    private static async Task<int> AnswerEveryOther(Socket socket)
    {
        var ports = new HashSet<int>();
        var buffer = new byte[512];
        for (var seen = 0; seen < 4; seen++)
        {
            var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
            ports.Add(((IPEndPoint)got.RemoteEndPoint).Port);
            if (seen % 2 == 0)
            {
                byte[] answer = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 7];
                byte[] message = [.. buffer.AsSpan(0, got.ReceivedBytes), .. answer];
                message[2] = 0x81;
                message[7] = 1;
                await socket.SendToAsync(message, got.RemoteEndPoint);
            }
        }

        return ports.Count;
    }
}

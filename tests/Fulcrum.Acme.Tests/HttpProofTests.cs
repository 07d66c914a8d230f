using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Acme.Client;
using Fulcrum.Acme.Proofs;
using Fulcrum.TestKit;

namespace Fulcrum.Acme.Tests;

public sealed class HttpProofTests : IDisposable
{
    private readonly HttpProver _prover = new(new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose() => _prover.Dispose();

    [Theory]
    [InlineData("GET /.well-known/acme-challenge/abc HTTP/1.1\r\nHost: x\r\n\r\n", "200", "abc.key")]
    [InlineData("GET /.well-known/acme-challenge/abc HTTP/1.0\r\n\r\n", "200", "abc.key")]
    [InlineData("GET /.well-known/acme-challenge/other HTTP/1.1\r\n\r\n", "404", "")]
    [InlineData("GET /.well-known/acme-challenge/ HTTP/1.1\r\n\r\n", "404", "")]
    [InlineData("GET /.well-known/acme-challenge/../abc HTTP/1.1\r\n\r\n", "404", "")]
    [InlineData("POST /.well-known/acme-challenge/abc HTTP/1.1\r\n\r\n", "404", "")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "404", "")]
    [InlineData("\u0016\u0003\u0001 \r\n\r\n", "404", "")]
    public async Task Only_what_is_asked_for_now_is_answered(string request, string status, string page)
    {
        await _prover.PresentAsync(new("a.example.com", "abc", "abc.key"), CancellationToken.None);
        var answer = await AskAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\n{page}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_long_a_request_is_answered_before_its_end()
    {
        await _prover.PresentAsync(new("a.example.com", "abc", "abc.key"), CancellationToken.None);
        Assert.StartsWith("HTTP/1.1 404 ", await AskAsync(new string('x', 8192)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listens_when_nobody_is_to_look()
    {
        var (a, b) = (new Proof("a", "a", "a.k"), new Proof("b", "b", "b.k"));
        await _prover.PresentAsync(a, CancellationToken.None);
        await _prover.PresentAsync(b, CancellationToken.None);
        var place = _prover.EndPoint!;
        await _prover.WithdrawAsync(a);
        Assert.StartsWith(
            "HTTP/1.1 404 ",
            await AskAsync("GET /.well-known/acme-challenge/a HTTP/1.1\r\n\r\n"),
            StringComparison.Ordinal
        );
        await _prover.WithdrawAsync(b);
        Assert.Null(_prover.EndPoint);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(place));
    }

    [Fact]
    public async Task Connections_beyond_the_most_are_closed_and_room_comes_back()
    {
        await _prover.PresentAsync(new("a.example.com", "abc", "abc.key"), CancellationToken.None);
        var idle = new List<Socket>();
        for (var i = 0; i < 64; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_prover.EndPoint!);
            idle.Add(socket);
        }

        using (var over = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await over.ConnectAsync(_prover.EndPoint!);
            Assert.Equal(0, await Wait.For(ReceiveAsync(over), "the end of what is too much"));
        }

        idle.ForEach(socket => socket.Dispose());
        await Wait.Until(
            async () =>
                (await AskAsync("GET /.well-known/acme-challenge/abc HTTP/1.1\r\n\r\n")).EndsWith(
                    "abc.key",
                    StringComparison.Ordinal
                ),
            "room"
        );
    }

    [Fact]
    public async Task A_place_that_somebody_has_is_an_error()
    {
        await _prover.PresentAsync(new("a", "a", "a.k"), CancellationToken.None);
        using var second = new HttpProver(_prover.EndPoint!);
        var error = await Assert.ThrowsAsync<AcmeException>(() =>
            second.PresentAsync(new("a", "a", "a.k"), CancellationToken.None)
        );
        Assert.StartsWith($"cannot listen at {_prover.EndPoint}: ", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_prover.EndPoint!);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (await Wait.For(ReceiveAsync(socket, buffer), "an answer") is > 0 and var length)
        {
            answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return answer.ToString();
    }

    private static async Task<int> ReceiveAsync(Socket socket, byte[]? buffer = null)
    {
        try
        {
            return await socket.ReceiveAsync(buffer ?? new byte[1]);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}

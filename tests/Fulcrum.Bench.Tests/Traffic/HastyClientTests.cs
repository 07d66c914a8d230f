using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Traffic.Hasty;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Bench.Tests.Traffic;

/// <summary>The cheap client, held against a server that is OpenSSL.</summary>
public sealed class HastyClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fulcrum-hasty-").FullName;
    private readonly HastyClient _client = new();
    private readonly byte[] _wire = new byte[64 * 1024];
    private readonly byte[] _plain = new byte[64 * 1024];
    private readonly TlsEngine _server;

    public HastyClientTests() =>
        _server = TlsServer
            .Create(new() { Certificates = [CertificateFile.Load(new(OwnCertificate.FileIn(_folder), null, null))] })
            .Accept("")!;

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(1)]
    [InlineData(37)]
    public void It_agrees_with_a_server_and_hears_and_says_what_it_should(int piece)
    {
        ShakeHands(piece);

        var request = _client.Send("request"u8, _wire).Wire;
        var heard = _server.Receive(_wire.AsSpan(0, request), _plain, []);
        Assert.Equal("request"u8, _plain.AsSpan(0, heard.Plain));

        var answer = _server.Send("answer"u8, _wire).Wire;
        heard = _client.Receive(_wire.AsSpan(0, answer), _plain, []);
        Assert.Equal("answer"u8, _plain.AsSpan(0, heard.Plain));

        var end = _server.Finish(_wire).Wire;
        Assert.Equal(TlsOutcome.Ended, _client.Receive(_wire.AsSpan(0, end), _plain, []).Outcome);
        end = _client.Finish(_wire).Wire;
        Assert.Equal(TlsOutcome.Ended, _server.Receive(_wire.AsSpan(0, end), _plain, []).Outcome);
    }

    [Fact]
    public void What_was_changed_on_its_way_fails()
    {
        ShakeHands(_wire.Length);
        var answer = _server.Send("answer"u8, _wire).Wire;
        _wire[answer - 1] ^= 1;
        Assert.Equal(TlsOutcome.Failed, _client.Receive(_wire.AsSpan(0, answer), _plain, []).Outcome);
    }

    [Fact]
    public void An_alert_instead_of_a_handshake_fails() =>
        Assert.Equal(TlsOutcome.Failed, _client.Receive(TlsServer.RefusedName, _plain, _wire).Outcome);

    private void ShakeHands(int piece)
    {
        var toServer = _client.Receive([], [], _wire).Wire;
        for (var turn = 0; turn < 3 && !(_client.IsEstablished && _server.IsEstablished); turn++)
        {
            var reply = new byte[_wire.Length];
            var fromServer = _server.Receive(_wire.AsSpan(0, toServer), _plain, reply);
            Assert.Equal(TlsOutcome.Continue, fromServer.Outcome);
            toServer = 0;
            for (var at = 0; at < fromServer.Wire; at += piece)
            {
                var part = reply.AsSpan(at, Math.Min(piece, fromServer.Wire - at));
                var heard = _client.Receive(part, _plain, _wire.AsSpan(toServer));
                Assert.Equal((TlsOutcome.Continue, 0), (heard.Outcome, heard.Plain));
                toServer += heard.Wire;
            }
        }

        Assert.True(_client.IsEstablished && _server.IsEstablished);
    }
}

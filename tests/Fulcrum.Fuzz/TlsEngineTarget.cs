using Fulcrum.Model.Tls;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Fuzz;

/// <summary>What a client sends to our servers, and a server to our clients, in pieces and with little room for replies.</summary>
internal sealed class TlsEngineTarget : IFuzzTarget
{
    private readonly Lazy<TlsServer> _server = new(() =>
        TlsServer.Create(
            new TlsServerSettings { Certificates = [CertificateTarget.Certificate.Value], Alpn = ["h2", "http/1.1"] }
        )
    );

    private readonly Lazy<TlsClient> _client = new(() =>
        TlsClient.Create(
            new TlsClientSettings
            {
                Verify = TlsVerify.None,
                ServerName = "a.example",
                Alpn = ["h2"],
            }
        )
    );

    public string Name => "tls-engine";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/client-hello", "tests/Fulcrum.Fuzz/Corpus/tls"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var piece = 1 + (input.Length % 300);
        using var server = _server.Value.Accept("a.example")!;
        Read(server, input, piece);
        using var client = _client.Value.Connect();
        Read(client, input, piece);
    }

    private static void Read(TlsEngine engine, ReadOnlySpan<byte> input, int piece)
    {
        var plain = new byte[input.Length + TlsEngine.MaxBuffered];
        var reply = new byte[1 + (input.Length % 2000)];
        var left = input;
        // Each turn takes something, or gives something out of what is bounded, or is the last.
        for (var turns = 0; turns < 20_000; turns++)
        {
            var turn = engine.Receive(left[..Math.Min(piece, left.Length)], plain, reply);
            if (turn.Taken > left.Length || turn.Plain > 0 || engine.IsEstablished)
            {
                throw new FuzzFailureException($"{turn} of {left.Length} bytes that fit no handshake");
            }
            left = left[turn.Taken..];
            if (turn.Outcome is TlsOutcome.Failed or TlsOutcome.Ended)
            {
                _ = (engine.Failure, engine.Problem, engine.PeerAlert, engine.CertificateProblem);
                return;
            }
            if (left.IsEmpty && turn.Outcome == TlsOutcome.Continue)
            {
                return;
            }
        }
        throw new FuzzFailureException("there is no end");
    }
}

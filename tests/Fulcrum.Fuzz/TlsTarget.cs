using System.Net;
using Fulcrum.Health.Tls;
using Fulcrum.Model.Tls;

namespace Fulcrum.Fuzz;

/// <summary>What a server sends to a client that shakes hands, whole and in small pieces.</summary>
internal sealed class TlsTarget : IFuzzTarget
{
    private static readonly TlsClientSettings Settings = TlsClientSettings.Load(
        new TlsMaterials(TimeProvider.System, _ => { }),
        new TlsConnection { Verify = TlsVerify.None },
        null,
        IPAddress.Loopback
    );

    public string Name => "tls";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/tls"];

    public void Run(ReadOnlySpan<byte> input)
    {
        Read(input, input.Length);
        Read(input, 1 + (input.Length % 7));
    }

    private static void Read(ReadOnlySpan<byte> input, int size)
    {
        using var client = new TlsClient(Settings);
        client.Start();
        for (var at = 0; at < input.Length && client.Room > 0; )
        {
            var count = Math.Min(Math.Min(size, input.Length - at), client.Room);
            client.Feed(input.Slice(at, count));
            at += count;
        }

        client.End();
        // No recorded handshake fits the numbers that a client has just drawn.
        if (client.State != TlsClientState.Failed || client.Failure is null)
        {
            throw new FuzzFailureException($"the client is {client.State} after the server has closed");
        }
    }
}

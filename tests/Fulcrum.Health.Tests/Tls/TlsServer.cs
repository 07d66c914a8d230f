using System.Net.Security;
using System.Security.Authentication;
using Fulcrum.Health.Tls;

namespace Fulcrum.Health.Tests.Tls;

/// <summary>A server for one <see cref="TlsClient"/>, in memory: all that both do happens on the calling thread.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly LoopStream _wire = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<byte> _received = [];
    private Task<int>? _read;

    public TlsServer(SslServerAuthenticationOptions options)
    {
        using var scope = new InlineScope();
        Stream = new(_wire);
        Handshake = Stream.AuthenticateAsServerAsync(options, CancellationToken.None);
    }

    public SslStream Stream { get; }

    public Task Handshake { get; }

    /// <summary>A server that wants something else of its client must not be reading.</summary>
    public bool Reads { get; init; } = true;

    public string Received => System.Text.Encoding.ASCII.GetString([.. _received]);

    public static SslServerAuthenticationOptions Options(
        SslStreamCertificateContext certificate,
        SslProtocols version = SslProtocols.None
    ) => new() { ServerCertificateContext = certificate, EnabledSslProtocols = version };

    /// <summary>What the server has to say to what the client said.</summary>
    public byte[] Answer(TlsClient client)
    {
        var answer = Answer(client.Output);
        client.AdvanceOutput(client.Output.Length);
        return answer;
    }

    /// <summary>What the server has to say to this.</summary>
    public byte[] Answer(ReadOnlySpan<byte> cipher)
    {
        using var scope = new InlineScope();
        _wire.Feed(cipher);
        Read();
        var answer = _wire.Output.ToArray();
        _wire.AdvanceOutput(answer.Length);
        return answer;
    }

    /// <summary>Carries bytes to and fro, to the client in pieces, until both have nothing to say.</summary>
    public void Converse(TlsClient client, int piece = 1024)
    {
        for (var answer = Answer(client); answer.Length > 0 || client.Output.Length > 0; answer = Answer(client))
        {
            foreach (var part in answer.Chunk(piece))
            {
                client.Feed(part);
            }
        }
    }

    public void Send(ReadOnlySpan<byte> plain)
    {
        using var scope = new InlineScope();
        Stream.WriteAsync(plain.ToArray()).AsTask().GetAwaiter().GetResult();
    }

    public void Close()
    {
        using var scope = new InlineScope();
        Stream.ShutdownAsync().GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        using var scope = new InlineScope();
        _wire.End();
        _ = Handshake.Exception;
        _ = _read?.Exception;
        Stream.Dispose();
    }

    private void Read()
    {
        while (Reads && Handshake.IsCompletedSuccessfully)
        {
            _read ??= Stream.ReadAsync(_buffer).AsTask();
            if (!_read.IsCompletedSuccessfully || _read.Result == 0)
            {
                return;
            }

            _received.AddRange(_buffer.AsSpan(0, _read.Result));
            _read = null;
        }
    }
}

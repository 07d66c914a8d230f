using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Tests.Traffic;

/// <summary>Terminates TLS in front of a backend, as simply as it can be done, by the runtime's own means.</summary>
internal sealed class Terminator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _options;
    private readonly IPEndPoint _backend;
    private readonly Task _accepting;

    /// <param name="certificate">A file with certificate and key.</param>
    /// <param name="backend">Where streams go.</param>
    /// <param name="resumes">Whether clients are given tickets.</param>
    public Terminator(string certificate, Address backend, bool resumes)
    {
        _backend = new IPEndPoint(IPAddress.Loopback, backend.Port);
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPemFile(certificate),
            AllowTlsResume = resumes,
        };
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public Address Address => new(0x7f000001, (ushort)((IPEndPoint)_listener.LocalEndpoint).Port);

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _options.ServerCertificate!.Dispose();
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var streams = new List<Task>();
        try
        {
            while (true)
            {
                streams.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopped.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(streams);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var secure = new SslStream(client.GetStream());
                await secure.AuthenticateAsServerAsync(_options, _stopped.Token);
                using var backend = new TcpClient { NoDelay = client.NoDelay = true };
                await backend.ConnectAsync(_backend, _stopped.Token);
                await using var plain = backend.GetStream();
                var up = secure.CopyToAsync(plain, _stopped.Token);
                var down = plain.CopyToAsync(secure, _stopped.Token);
                await await Task.WhenAny(up, down);
                await secure.ShutdownAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The load has left, or the test is over.
        }
    }
}

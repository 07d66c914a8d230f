using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;

namespace Fulcrum.Health.Tests.Adversaries;

/// <summary>An <see cref="Adversary"/> on TCP or a Unix socket.</summary>
internal sealed class StreamAdversary : Adversary
{
    /// <summary>Endless bytes are all the same after so many.</summary>
    private const int Much = 1 << 18;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Socket _listener;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly Task _accepting;

    public StreamAdversary(
        string script,
        ManualTimeProvider time,
        EndPoint? listen = null,
        SslStreamCertificateContext? certificate = null
    )
        : base(script, time)
    {
        _certificate = certificate;
        listen ??= new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new(listen.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(listen);
        _listener.Listen(1024);
        EndPoint = listen is UnixDomainSocketEndPoint ? listen : _listener.LocalEndPoint!;
        _accepting = Task.Run(Accept);
    }

    public override EndPoint EndPoint { get; }

    public override async ValueTask DisposeAsync()
    {
        End();
        _listener.Dispose();
        await _accepting;
    }

    private async Task Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (socket.AddressFamily != AddressFamily.Unix)
            {
                // What was said is with the probe, and not held back for more.
                socket.NoDelay = true;
            }

            Meet();
            _ = Serve(socket);
        }
    }

    private async Task Serve(Socket socket)
    {
        var stream = (Stream)new NetworkStream(socket, ownsSocket: true);
        try
        {
            foreach (var (word, rest) in Steps)
            {
                stream = await Do(word, rest, socket, stream);
            }
        }
        catch (Exception e)
            when (e is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The probe has gone, perhaps in the middle of a handshake: that is its right.
        }
        finally
        {
            await stream.DisposeAsync();
            Rest();
        }
    }

    private async Task<Stream> Do(string word, string rest, Socket socket, Stream stream)
    {
        switch (word)
        {
            case "hear":
                _ = await stream.ReadAsync(new byte[64 * 1024]);
                break;
            case "say":
                await stream.WriteAsync(Bytes(rest));
                break;
            case "hex":
                await stream.WriteAsync(Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal)));
                break;
            case "bytes":
                foreach (var one in Bytes(rest))
                {
                    await stream.WriteAsync(new[] { one });
                }

                break;
            case "drip":
                foreach (var one in Bytes(rest))
                {
                    await stream.WriteAsync(new[] { one });
                    await Pause(Second);
                }

                break;
            case "endless":
                await SayEndlessly(stream, Bytes(rest));
                break;
            case "tls":
                var secret = new SslStream(stream);
                await secret.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }
                );
                return secret;
            case "fin":
                socket.Shutdown(SocketShutdown.Send);
                break;
            case "reset":
                TcpServer.Reset(socket);
                break;
            case "silent":
                await Silence();
                break;
            case "close":
                await stream.DisposeAsync();
                break;
            default:
                throw new ArgumentException(word);
        }

        return stream;
    }

    private async Task SayEndlessly(Stream stream, byte[] what)
    {
        var many = Enumerable.Repeat(what, Math.Max(1, 8192 / what.Length)).SelectMany(one => one).ToArray();
        for (var said = 0L; ; said += many.Length)
        {
            await stream.WriteAsync(many);
            if (said > Much)
            {
                Rest();
            }
        }
    }
}

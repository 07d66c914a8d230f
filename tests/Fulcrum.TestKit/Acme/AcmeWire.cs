using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Load;

namespace Fulcrum.TestKit.Acme;

/// <summary>As much of an HTTP server as the authority needs, with or without TLS.</summary>
internal sealed class AcmeWire : IAsyncDisposable
{
    private readonly TcpServer _server;
    private readonly TestCertificate? _certificate;
    private readonly Func<AcmeRequest, Task<AcmeReply?>> _answer;

    /// <param name="certificate">Null: without TLS.</param>
    /// <param name="answer">Null: the connection is closed instead.</param>
    public AcmeWire(TestCertificate? certificate, Func<AcmeRequest, Task<AcmeReply?>> answer)
    {
        (_certificate, _answer) = (certificate, answer);
        _server = TcpServer.Start(null, new IPEndPoint(IPAddress.Loopback, 0), ServeAsync);
    }

    public Uri Root => new($"{(_certificate is null ? "http" : "https")}://{_server.EndPoint}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var plain = new NetworkStream(socket);
            if (_certificate is null)
            {
                await ServeAsync(plain);
                return;
            }

            await using var secure = new SslStream(plain);
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificateContext = _certificate.Context }
            );
            await ServeAsync(secure);
        }
        catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or does not trust us.
        }
    }

    private async Task ServeAsync(Stream stream)
    {
        var reader = new BufferedStream(stream);
        while (await ReadAsync(reader) is { } request)
        {
            if (await _answer(request) is not { } reply)
            {
                return;
            }

            await stream.WriteAsync(Head(reply));
            if (request.Method != "HEAD")
            {
                await stream.WriteAsync(reply.Body);
            }

            await stream.FlushAsync();
        }
    }

    private static async Task<AcmeRequest?> ReadAsync(BufferedStream stream)
    {
        var head = new StringBuilder();
        var octet = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(octet) == 0)
            {
                return null;
            }

            head.Append((char)octet[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var headers = lines
            .Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1], StringComparer.Ordinal);
        var body = new byte[
            headers.TryGetValue("content-length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0
        ];
        await stream.ReadExactlyAsync(body);
        return new(words[0], words[1], headers, body);
    }

    private static byte[] Head(AcmeReply reply)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} {(HttpStatusCode)reply.Status}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {reply.Body.Length}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Type: {reply.ContentType}\r\n");
        foreach (var (name, value) in reply.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}

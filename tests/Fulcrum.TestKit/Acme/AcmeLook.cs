using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fulcrum.TestKit.Acme;

/// <summary>Looks at a proof as authorities do. Null: it holds; else why not.</summary>
internal static class AcmeLook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>RFC 8737 section 3.</summary>
    public static async Task<string?> TlsAsync(string name, IPEndPoint? place, string keyAuthorization)
    {
        if (place is null)
        {
            return "nothing listens there";
        }

        using var enough = new CancellationTokenSource(Patience);
        using var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(place, enough.Token);
            X509Certificate2? shown = null;
            await using var secure = new SslStream(
                new NetworkStream(socket),
                false,
                (_, certificate, _, _) =>
                {
                    shown = certificate is null
                        ? null
                        : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                    return shown is not null;
                }
            );
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    ApplicationProtocols = [new SslApplicationProtocol("acme-tls/1")],
                },
                enough.Token
            );
            using (shown)
            {
                return secure.NegotiatedApplicationProtocol.ToString() == "acme-tls/1"
                    ? Judge(shown!, name, keyAuthorization)
                    : "acme-tls/1 is not spoken";
            }
        }
        catch (Exception error)
            when (error is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            return error.Message;
        }
    }

    /// <summary>RFC 8555 section 8.3.</summary>
    public static async Task<string?> HttpAsync(string name, IPEndPoint? place, string token, string keyAuthorization)
    {
        if (place is null)
        {
            return "nothing listens there";
        }

        using var http = new HttpClient(new SocketsHttpHandler()) { Timeout = Patience };
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"http://{place}/.well-known/acme-challenge/{token}"
        );
        request.Headers.Host = name;
        try
        {
            using var answer = await http.SendAsync(request);
            var page = await answer.Content.ReadAsStringAsync();
            return answer.StatusCode != HttpStatusCode.OK ? $"the page is answered with {(int)answer.StatusCode}"
                : page.TrimEnd() != keyAuthorization ? "the page is another"
                : null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return error.Message;
        }
    }

    private static string? Judge(X509Certificate2 certificate, string name, string keyAuthorization)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        var proof = certificate.Extensions.FirstOrDefault(one => one.Oid!.Value == "1.3.6.1.5.5.7.1.31");
        return !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
                ? "it is not signed by itself"
            : !names.EnumerateDnsNames().SequenceEqual([name]) || names.EnumerateIPAddresses().Any()
                ? "it is for other names"
            : proof is not { Critical: true } ? "it holds no proof"
            : !AsnDecoder
                .ReadOctetString(proof.RawData, AsnEncodingRules.DER, out var length)
                .AsSpan()
                .SequenceEqual(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)))
            || length != proof.RawData.Length
                ? "the proof is another"
            : null;
    }
}

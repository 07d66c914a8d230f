using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Protocols.Tests.Acme;

public sealed class AcmeProofTests
{
    private const string KeyAuthorization = "token.thumbprint";

    [Fact]
    public void A_key_authorization_is_shown_as_itself_as_a_record_and_as_an_octet_string()
    {
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(KeyAuthorization));
        Assert.Equal(KeyAuthorization, AcmeProof.KeyAuthorization("token", "thumbprint"));
        Assert.Equal(Base64Url.EncodeToString(digest), AcmeProof.DnsValue(KeyAuthorization));
        Assert.Equal([4, 32, .. digest], AcmeProof.TlsExtensionValue(KeyAuthorization));
    }

    /// <summary>The example of RFC 9773 section 4.1.</summary>
    [Fact]
    public void A_certificate_is_called_by_its_authoritys_key_and_its_number() =>
        Assert.Equal(
            "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE",
            AcmeCertificateId.Of(
                Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4"),
                Convert.FromHexString("0087654321")
            )
        );

    [Theory]
    [InlineData("GET /.well-known/acme-challenge/a-_9 HTTP/1.1\r\nHost: x\r\n\r\n", HttpChallengeReading.Token, "a-_9")]
    [InlineData("GET /.well-known/acme-challenge/a-_9 HTTP/1.1\r\nHost: x\r\n", HttpChallengeReading.Partial, null)]
    [InlineData("", HttpChallengeReading.Partial, null)]
    [InlineData("GET /.well-known/acme-challenge/a/b HTTP/1.1\r\n\r\n", HttpChallengeReading.Other, null)]
    [InlineData("GET /.well-known/acme-challenge/a HTTP/1.1 x\r\n\r\n", HttpChallengeReading.Other, null)]
    [InlineData("GET /.well-known/acme-challenge/a SPDY/3\r\n\r\n", HttpChallengeReading.Other, null)]
    [InlineData("get /.well-known/acme-challenge/a HTTP/1.1\r\n\r\n", HttpChallengeReading.Other, null)]
    [InlineData("\r\n\r\n", HttpChallengeReading.Other, null)]
    public void A_request_asks_for_a_token_or_for_something_else(
        string head,
        HttpChallengeReading reading,
        string? token
    )
    {
        Assert.Equal(reading, HttpChallengeRequest.Read(Encoding.Latin1.GetBytes(head), out var found));
        Assert.Equal(token, found);
    }

    [Fact]
    public void A_request_that_does_not_end_is_none() =>
        Assert.Equal(
            HttpChallengeReading.Other,
            HttpChallengeRequest.Read(new byte[HttpChallengeRequest.MostBytes], out _)
        );
}

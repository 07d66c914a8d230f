using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Tests.Contexts;

/// <summary>What an authority says of a certificate, sent with it (RFC 6066 section 8).</summary>
public sealed unsafe class StaplingTests
{
    private const int AskForStatus = 65;
    private const int GetStatus = 70;
    private const int Ocsp = 1;

    [Theory]
    [InlineData("ECDSA+SHA256", new byte[] { 1, 2, 3 })]
    [InlineData("RSA-PSS+SHA256", new byte[] { 4, 5 })]
    public void Who_asks_gets_that_of_the_certificate_that_it_sees(string signatures, byte[] expected)
    {
        var server = Material.Server(
            Material.SelfSigned("a.example") with
            {
                OcspResponse = new byte[] { 1, 2, 3 },
            },
            Material.Rsa("a.example") with
            {
                OcspResponse = new byte[] { 4, 5 },
            }
        );
        var client = Versions.WithSignatures(signatures, Material.Client());
        Assert.Equal(expected, Staple(client, server, asks: true));
        Assert.Null(Staple(client, server, asks: false));
    }

    [Fact]
    public void Where_nothing_is_known_nothing_is_sent()
    {
        LoadedCertificate[] both =
        [
            Material.SelfSigned("a.example"),
            Material.Rsa("a.example") with
            {
                OcspResponse = new byte[] { 4, 5 },
            },
        ];
        var client = Versions.WithSignatures("ECDSA+SHA256", Material.Client());
        Assert.Null(Staple(client, Material.Server(both), asks: true));
        Assert.Null(Staple(client, Material.Server(both[0]), asks: true));
    }

    private static byte[]? Staple(TlsClient client, TlsServer server, bool asks)
    {
        using var conversation = Material.Meet(client, server);
        var ssl = conversation.Client.Engine.Handle;
        if (asks)
        {
            _ = Ssl.Control(ssl, AskForStatus, Ocsp, null);
        }
        conversation.Run();
        Assert.True(conversation.AreEstablished, conversation.Server.Engine.Problem);
        byte* response = null;
        var length = (int)Ssl.Control(ssl, GetStatus, 0, &response);
        return response is null || length <= 0 ? null : new ReadOnlySpan<byte>(response, length).ToArray();
    }
}

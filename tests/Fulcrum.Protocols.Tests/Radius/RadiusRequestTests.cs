using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fulcrum.Protocols.Radius;

namespace Fulcrum.Protocols.Tests.Radius;

public sealed class RadiusRequestTests
{
    private static readonly byte[] Secret = "xyzzy5461"u8.ToArray();
    private static readonly byte[] Authenticator = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];
    private static readonly RadiusNas Nas = new("lb1", IPAddress.Parse("192.168.1.16"));
    private static readonly RadiusServer Server = new(Secret);

    [Fact]
    public void A_password_is_hidden_as_in_the_example_of_RFC_2865()
    {
        // Section 7.1: nemo, arctangent.
        var authenticator = Convert.FromHexString("0f403f9473978057bd83d5cb98f4227a");
        var hidden = RadiusDigests.Hide("arctangent"u8, authenticator, Secret);
        Assert.Equal("0dbe708d93d413ce3196e43f782a0aee", Convert.ToHexStringLower(hidden));
    }

    [Fact]
    public void A_challenge_is_answered_as_in_the_example_of_RFC_2865()
    {
        // Section 7.2: flopsy, arctangent; the challenge is the Request Authenticator.
        var challenge = Convert.FromHexString("2aee86f08d0d55969ca5978e0d3367a2");
        var answer = RadiusDigests.Chap(22, "arctangent"u8, challenge);
        Assert.Equal("16e97557c316185895f293ff6344077275", Convert.ToHexStringLower(answer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("arctangent")]
    [InlineData("exactly sixteen!")]
    [InlineData("a password of more than two blocks: grün")]
    public void A_server_reads_a_request_with_a_password(string password)
    {
        var login = new RadiusLogin("nemo", Encoding.UTF8.GetBytes(password));
        var packet = RadiusRequest.Access(7, Authenticator, Secret, Nas, login).Packet;
        Assert.Equal([1, 7], packet[..2].ToArray());
        Assert.Equal(Authenticator, packet[4..20]);
        var attributes = RadiusServer.Attributes(packet);
        Assert.Equal([80, 32, 4, 1, 2, 6, 61], attributes.Select(attribute => attribute.Type));
        Assert.Equal(Server.Signature(packet), attributes[0].Value);
        Assert.Equal("lb1"u8, attributes[1].Value);
        Assert.Equal([192, 168, 1, 16], attributes[2].Value);
        Assert.Equal("nemo"u8, attributes[3].Value);
        Assert.Equal(password, Server.Show(attributes[4].Value, Authenticator));
        Assert.Equal([0, 0, 0, 1], attributes[5].Value);
        Assert.Equal([0, 0, 0, 5], attributes[6].Value);
    }

    [Fact]
    public void Passwords_of_every_length_are_hidden_and_shown()
    {
        for (var length = 0; length <= RadiusLogin.MaxPassword; length++)
        {
            var password = new string('p', length);
            var hidden = RadiusDigests.Hide(Encoding.ASCII.GetBytes(password), Authenticator, Secret);
            Assert.InRange(hidden.Length, Math.Max(16, length), Math.Max(16, length + 15));
            Assert.Equal(password, Server.Show(hidden, Authenticator));
        }
    }

    [Fact]
    [SuppressMessage("Security", "CA5351", Justification = "RFC 1994 demands MD5.")]
    public void A_server_reads_a_request_with_a_proof()
    {
        var challenge = "sixteen random b"u8.ToArray();
        var login = new RadiusLogin("nemo", "arctangent"u8.ToArray(), challenge);
        var nas = Nas with { Address = IPAddress.Parse("2001:db8::1") };
        var attributes = RadiusServer.Attributes(RadiusRequest.Access(7, Authenticator, Secret, nas, login).Packet);
        Assert.Equal([80, 32, 95, 1, 3, 60, 6, 61], attributes.Select(attribute => attribute.Type));
        Assert.Equal(IPAddress.Parse("2001:db8::1").GetAddressBytes(), attributes[2].Value);
        Assert.Equal([7, .. MD5.HashData([7, .. "arctangent"u8, .. challenge])], attributes[4].Value);
        Assert.Equal(challenge, attributes[5].Value);
    }

    [Fact]
    public void A_server_is_asked_for_its_status()
    {
        var packet = RadiusRequest.Status(9, Authenticator, Secret, Nas with { Address = null }).Packet;
        Assert.Equal([12, 9], packet[..2].ToArray());
        var attributes = RadiusServer.Attributes(packet);
        Assert.Equal([80, 32], attributes.Select(attribute => attribute.Type));
        Assert.Equal(Server.Signature(packet), attributes[0].Value);
    }

    [Theory]
    [InlineData(1, 128, 0, 1, null)]
    [InlineData(253, 200, 16, 253, null)]
    [InlineData(0, 1, 0, 1, "a user's name has 1 to 253 bytes")]
    [InlineData(254, 1, 0, 1, "a user's name has 1 to 253 bytes")]
    [InlineData(1, 129, 0, 1, "a password has at most 128 bytes")]
    [InlineData(1, 1, 254, 1, "a challenge has at most 253 bytes")]
    [InlineData(1, 1, 0, 0, "a NAS identifier has 1 to 253 bytes")]
    [InlineData(1, 1, 0, 254, "a NAS identifier has 1 to 253 bytes")]
    public void What_does_not_fit_is_told(int user, int password, int challenge, int identifier, string? problem)
    {
        var login = new RadiusLogin(new string('u', user), new byte[password], new byte[challenge]);
        var nas = new RadiusNas(new string('n', identifier), null);
        Assert.Equal(problem, login.Problem ?? nas.Problem);
        if (problem is null)
        {
            var packet = RadiusRequest.Access(1, Authenticator, Secret, nas, login).Packet;
            Assert.Equal(login.User, Encoding.ASCII.GetString(RadiusServer.Attributes(packet)[2].Value));
        }
        else
        {
            Assert.Throws<ArgumentException>(() => RadiusRequest.Access(1, Authenticator, Secret, nas, login));
        }
    }

    [Fact]
    public void A_request_needs_an_authenticator_of_its_length() =>
        Assert.ThrowsAny<ArgumentException>(() => RadiusRequest.Status(1, Authenticator.AsSpan(1), Secret, Nas));
}

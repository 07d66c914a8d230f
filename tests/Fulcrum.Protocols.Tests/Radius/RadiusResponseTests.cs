using Fulcrum.Protocols.Radius;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Radius;

public sealed class RadiusResponseTests
{
    private static readonly byte[] Secret = "xyzzy5461"u8.ToArray();
    private static readonly byte[] Authenticator = [.. Enumerable.Range(100, 16).Select(i => (byte)i)];
    private static readonly RadiusServer Server = new(Secret);
    private static readonly RadiusNas Nas = new("lb1", null);
    private static readonly RadiusRequest Request = RadiusRequest.Access(
        7,
        Authenticator,
        Secret,
        Nas,
        new RadiusLogin("nemo", "arctangent"u8.ToArray())
    );

    // The examples of RFC 2865, sections 7.1 and 7.3.
    [Theory]
    [InlineData(
        "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a8011005060000"
            + "0003",
        "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103",
        RadiusCode.AccessAccept,
        ""
    )]
    [InlineData(
        "01020039f3a47a1f6a6d76710b947ab93041a03901076d6f707379021233657573778289b570885e15084825c50406c0a80110050600"
            + "000007",
        "0b02004e36f3c8764ae8c71157403c0c71ff9c4512304368616c6c656e67652033323736393433302e2020456e74657220726573706f"
            + "6e73652061742070726f6d70742e180a3332373639343330",
        RadiusCode.AccessChallenge,
        "Challenge 32769430.  Enter response at prompt."
    )]
    [InlineData(
        "01030043b122556d428a13d0d6253807c457ecf001076d6f7073790212692c1f205fc081b919b95195f561a5810406c0a80110050600"
            + "00000718103332373639343330",
        "03030014a42f4fca45916c4e09c8340f9e746aa0",
        RadiusCode.AccessReject,
        ""
    )]
    public void The_examples_of_RFC_2865_are_valid(string request, string response, RadiusCode code, string messages)
    {
        var asked = new RadiusRequest(Convert.FromHexString(request), Secret);
        var octets = Convert.FromHexString(response);
        Assert.Equal(RadiusVerdict.Valid, asked.Verify(octets, out var found));
        Assert.Equal((code, messages), (found!.Code, string.Join('|', found.Messages)));
        Assert.Equal(RadiusVerdict.Forged, new RadiusRequest(asked.Packet.ToArray(), "x"u8).Verify(octets, out _));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(11, false)]
    public void A_response_has_a_code_and_lines(int code, bool sign)
    {
        var octets = Respond(code, sign, (18, "Hello"u8.ToArray()), (25, [1, 2]), (18, "n\now"u8.ToArray()));
        Assert.Equal(RadiusVerdict.Valid, Request.Verify(octets, out var response));
        Assert.Equal((RadiusCode)code, response!.Code);
        Assert.Equal(["Hello", "n\\010ow"], response.Messages);
        Assert.Equal(RadiusVerdict.Valid, Request.Verify([.. octets, 0, 0, 0], out _));
    }

    [Fact]
    public void Any_bit_that_is_not_right_is_noticed()
    {
        var octets = Respond(2, true, (18, "Hello"u8.ToArray()));
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            var changed = octets.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(RadiusVerdict.Valid, Request.Verify(changed, out var response));
            Assert.Null(response);
        }
    }

    [Fact]
    public void A_message_authenticator_that_is_not_right_is_forged_even_when_the_rest_is_right()
    {
        byte[] changed = [.. Respond(2, true)];
        Authenticator.CopyTo(changed, 4);
        changed[22] ^= 1;
        Assert.Equal(RadiusVerdict.Forged, Request.Verify(Server.Seal(changed), out _));
        Assert.Equal(RadiusVerdict.Malformed, Request.Verify(Respond(2, true, (80, new byte[16])), out _));
        Assert.Equal(RadiusVerdict.Malformed, Request.Verify(Respond(2, false, (80, new byte[15])), out _));
    }

    [Fact]
    public void What_responds_to_another_request_is_not_ours()
    {
        var other = RadiusRequest.Status(8, Authenticator, Secret, Nas);
        var accept = Server.Respond(other.Packet, 2, true);
        Assert.Equal(RadiusVerdict.NotOurs, Request.Verify(accept, out _));
        Assert.Equal(RadiusVerdict.Valid, other.Verify(accept, out _));
        Assert.Equal(RadiusVerdict.NotOurs, other.Verify(Server.Respond(other.Packet, 3, true), out _));
        Assert.Equal(RadiusVerdict.NotOurs, Request.Verify(Respond(5, true), out _));
        Assert.Equal(RadiusVerdict.NotOurs, Request.Verify(Request.Packet, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02 07 0014 000000000000000000000000000000")]
    [InlineData("02 07 0013 00000000000000000000000000000000")]
    [InlineData("02 07 0015 00000000000000000000000000000000")]
    [InlineData("02 07 0015 00000000000000000000000000000000 12")]
    [InlineData("02 07 0016 00000000000000000000000000000000 12 00")]
    [InlineData("02 07 0016 00000000000000000000000000000000 12 01")]
    [InlineData("02 07 0017 00000000000000000000000000000000 12 04 00")]
    public void Lengths_that_do_not_fit_are_malformed(string hex)
    {
        var octets = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(RadiusVerdict.Malformed, Request.Verify(octets, out var response));
        Assert.Null(response);
    }

    [Fact]
    public void A_packet_has_at_most_4096_bytes()
    {
        var full = Enumerable.Range(0, 15).Select(_ => (18, new byte[253])).ToArray();
        Assert.Equal(RadiusVerdict.Valid, Request.Verify(Respond(2, false, [.. full, (18, new byte[249])]), out _));
        Assert.Equal(RadiusVerdict.Malformed, Request.Verify(Respond(2, false, [.. full, (18, new byte[250])]), out _));
    }

    [Fact]
    public void Whatever_a_server_says_is_read()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 200; run++)
        {
            var lines = Enumerable.Range(0, random.Next(10)).Select(i => new string('l', random.Next(254))).ToArray();
            var attributes = lines.Select(line => (18, line.Select(letter => (byte)letter).ToArray())).ToArray();
            var octets = Respond(2, random.Next(2) == 0, attributes);
            Assert.Equal(RadiusVerdict.Valid, Request.Verify(octets, out var response));
            Assert.Equal(lines, response!.Messages);
        }
    }

    private static byte[] Respond(int code, bool sign, params (int Type, byte[] Value)[] attributes) =>
        Server.Respond(Request.Packet, code, sign, attributes);
}

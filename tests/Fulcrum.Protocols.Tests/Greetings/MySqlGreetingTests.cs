using System.Text;
using Fulcrum.Protocols.Greetings;
using Fulcrum.Protocols.MySql;

namespace Fulcrum.Protocols.Tests.Greetings;

public sealed class MySqlGreetingTests
{
    private const string AccessDenied = "ff1504" + "233238303030" + "416363657373"; // 1045, #28000, "Access"

    private static readonly byte[] Handshake = Greeting("8.0.36");

    [Theory]
    [InlineData("8.0.36", "8.0.36")]
    [InlineData("5.5.5-10.11.6-MariaDB-0+deb12u1", "10.11.6-MariaDB-0+deb12u1")]
    [InlineData("11.4.2-MariaDB", "11.4.2-MariaDB")]
    public void The_version_is_told(string sent, string said)
    {
        Assert.True(new MySqlGreeting(null).Start().IsEmpty);
        var held = Conversation.Hold(() => new MySqlGreeting(null), Greeting(sent));
        Assert.Equal((GreetingVerdict.Good, said), (held.Verdict, held.Text));
        Assert.Empty(held.Sent);
    }

    [Theory]
    [InlineData("ff1004 546f6f206d616e7920636f6e6e656374696f6e73", "Too many connections (1040)")]
    [InlineData("ff1004 233038303034 546f6f206d616e79", "Too many (1040)")]
    [InlineData("ff6904 486f737420277827206973 20626c6f636b6564", "Host 'x' is blocked (1129)")]
    [InlineData("ff", "not a MySQL server")]
    [InlineData("09 352e30 00", "not a MySQL server")]
    [InlineData("0a 352e30", "not a MySQL server")]
    public void What_is_no_greeting_is_told(string payload, string text)
    {
        var held = Conversation.Hold(() => new MySqlGreeting("probe"), Packet(0, Hex(payload)));
        Assert.Equal((GreetingVerdict.Bad, text), (held.Verdict, held.Text));
        Assert.Empty(held.Sent);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("\x01\0\0\x01\x0a")]
    public void Another_server_is_found_out(string server)
    {
        var held = Conversation.Hold(() => new MySqlGreeting(null), Encoding.ASCII.GetBytes(server));
        Assert.Equal((GreetingVerdict.Bad, "not a MySQL server"), (held.Verdict, held.Text));
    }

    [Fact]
    public void With_a_user_the_handshake_is_finished()
    {
        var held = Conversation.Hold(() => new MySqlGreeting("probe"), Handshake);
        Assert.Equal(GreetingVerdict.Open, held.Verdict);
        var login = held.Sent;
        Assert.Equal(login.Length - 4, login[0]);
        Assert.Equal(1, login[3]);
        // Capabilities, packet size, character set, nothing; then the user, no password, and how it would be given.
        Assert.Equal("01820800" + "00100000" + "21", Convert.ToHexStringLower(login[4..13]));
        Assert.Equal("probe\0\0mysql_native_password\0"u8, login.AsSpan(36));
    }

    [Theory]
    [InlineData("0000000200000000", GreetingVerdict.Good, "8.0.36", "0100000001")]
    [InlineData(AccessDenied, GreetingVerdict.Good, "8.0.36", "")]
    [InlineData("ffa206", GreetingVerdict.Good, "8.0.36", "")]
    [InlineData("ff570c", GreetingVerdict.Good, "8.0.36", "")]
    [InlineData("0104", GreetingVerdict.Good, "8.0.36", "")]
    [InlineData("ff1004 546f6f206d616e79", GreetingVerdict.Bad, "Too many (1040)", "")]
    [InlineData("fe 00", GreetingVerdict.Open, "", "00000003")]
    [InlineData("77", GreetingVerdict.Bad, "an answer to the login that is none", "")]
    [InlineData("ff", GreetingVerdict.Bad, "an answer to the login that is none", "")]
    public void The_answer_to_the_login_is_judged(string payload, GreetingVerdict verdict, string text, string sent)
    {
        byte[] server = [.. Handshake, .. Packet(2, Hex(payload))];
        var held = Conversation.Hold(() => new MySqlGreeting("probe"), server);
        Assert.Equal((verdict, text), (held.Verdict, held.Text));
        var login = Conversation.Hold(() => new MySqlGreeting("probe"), Handshake).Sent.Length;
        Assert.Equal(sent, Convert.ToHexStringLower(held.Sent[login..]));
    }

    [Fact]
    public void The_way_to_prove_oneself_is_changed_once()
    {
        byte[] once = [.. Handshake, .. Packet(2, Hex("fe 6d 00")), .. Packet(4, Hex(AccessDenied))];
        Assert.Equal(GreetingVerdict.Good, Conversation.Hold(() => new MySqlGreeting("probe"), once).Verdict);
        byte[] twice = [.. Handshake, .. Packet(2, Hex("fe 6d 00")), .. Packet(4, Hex("fe 6d 00"))];
        Assert.Equal(GreetingVerdict.Bad, Conversation.Hold(() => new MySqlGreeting("probe"), twice).Verdict);
    }

    [Fact]
    public void Damage_is_borne() =>
        Conversation.Damage(() => new MySqlGreeting("probe"), [.. Handshake, .. Packet(2, Hex(AccessDenied))]);

    private static byte[] Greeting(string version) =>
        Packet(
            0,
            [
                10,
                .. Encoding.ASCII.GetBytes(version),
                0,
                .. Hex("0b000000 4d44216b61645b7d 00 ffff ff 0200 ffdf 15 00000000000000000000"),
                .. Hex("3a6f0a5b4b3c1f7e5d4c2b1a 00"),
                .. "caching_sha2_password\0"u8,
            ]
        );

    private static byte[] Packet(byte sequence, byte[] payload) => [(byte)payload.Length, 0, 0, sequence, .. payload];

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}

using System.Buffers.Binary;
using System.Text;
using Fulcrum.Protocols.Greetings;
using Fulcrum.Protocols.PostgreSql;

namespace Fulcrum.Protocols.Tests.Greetings;

public sealed class PostgreSqlGreetingTests
{
    [Fact]
    public void A_session_is_asked_for()
    {
        var start = new PostgreSqlGreeting().Start().Span;
        Assert.Equal(start.Length, BinaryPrimitives.ReadInt32BigEndian(start));
        Assert.Equal(0x30000, BinaryPrimitives.ReadInt32BigEndian(start[4..]));
        Assert.Equal("user\0fulcrum\0\0"u8, start[8..]);
    }

    [Theory]
    [InlineData(3, "authentication by password")]
    [InlineData(5, "authentication by MD5")]
    [InlineData(10, "authentication by SASL")]
    [InlineData(12, "authentication by method 12")]
    public void Whoever_asks_who_we_are_serves(byte method, string text)
    {
        var held = Hold([.. Message('N', "SNOTICE\0\0"), .. Message('R', $"\0\0\0{(char)method}rest")]);
        Assert.Equal((GreetingVerdict.Good, text), (held.Verdict, held.Text));
        Assert.Empty(held.Sent);
    }

    [Fact]
    public void A_session_is_granted_when_it_is_ready()
    {
        byte[] begun = [.. Message('R', "\0\0\0\0"), .. Message('S', "server_version\u000015.18\0")];
        Assert.Equal(GreetingVerdict.Open, Hold(begun).Verdict);
        var held = Hold([.. begun, .. Message('K', "12345678"), .. Message('Z', "I")]);
        Assert.Equal((GreetingVerdict.Good, "15.18"), (held.Verdict, held.Text));
        Assert.Equal("5800000004", Convert.ToHexStringLower(held.Sent));
        held = Hold([.. Message('R', "\0\0\0\0"), .. Message('E', "VFATAL\0C53300\0Mreserved\0\0")]);
        Assert.Equal((GreetingVerdict.Bad, "FATAL: reserved (53300)"), (held.Verdict, held.Text));
        held = Hold([.. Enumerable.Repeat(Message('N', "SNOTICE\0\0"), 100).SelectMany(message => message)]);
        Assert.Equal((GreetingVerdict.Bad, "more than 64 messages"), (held.Verdict, held.Text));
    }

    [Theory]
    [InlineData("57P03", "the database system is starting up", GreetingVerdict.Bad)]
    [InlineData("53300", "sorry, too many clients already", GreetingVerdict.Bad)]
    [InlineData("XX000", "could not", GreetingVerdict.Bad)]
    [InlineData("28000", "role \"fulcrum\" does not exist", GreetingVerdict.Good)]
    [InlineData("3D000", "database \"fulcrum\" does not exist", GreetingVerdict.Good)]
    [InlineData("28P01", "password", GreetingVerdict.Good)]
    public void Errors_are_told_and_judged(string code, string message, GreetingVerdict verdict)
    {
        var held = Hold(Message('E', $"SFATAL-in-French\0VFATAL\0C{code}\0M{message}\0Fpostmaster.c\0\0"));
        Assert.Equal((verdict, $"FATAL: {message} ({code})"), (held.Verdict, held.Text));
        Assert.Empty(held.Sent);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "not a PostgreSQL server")]
    [InlineData("R\0\0\0\x07\0\0\0", "not a PostgreSQL server")]
    [InlineData("R\0\0\0\x04", "not a PostgreSQL server")]
    [InlineData("Z\0\0\0\x05I", "not a PostgreSQL server")]
    [InlineData("Rxxxx\0\0\0", "not a PostgreSQL server")]
    [InlineData("Ecould not fork new process for connection\n\0", "could not fork new process for connection")]
    public void What_is_no_answer_is_told(string server, string text)
    {
        var held = Hold(Encoding.ASCII.GetBytes(server));
        Assert.Equal((GreetingVerdict.Bad, text), (held.Verdict, held.Text));
    }

    [Fact]
    public void A_message_without_end_is_refused()
    {
        var held = Hold([(byte)'E', .. Enumerable.Repeat((byte)'x', 5000)]);
        Assert.Equal((GreetingVerdict.Bad, "more than 4096 bytes without end"), (held.Verdict, held.Text));
    }

    [Fact]
    public void Damage_is_borne() =>
        Conversation.Damage(() => new PostgreSqlGreeting(), Message('E', "SFATAL\0VFATAL\0C57P03\0Mstarting up\0\0"));

    private static (GreetingVerdict Verdict, string Text, byte[] Sent) Hold(byte[] server) =>
        Conversation.Hold(() => new PostgreSqlGreeting(), server);

    private static byte[] Message(char type, string payload) =>
        [(byte)type, 0, 0, 0, (byte)(payload.Length + 4), .. Encoding.ASCII.GetBytes(payload)];
}

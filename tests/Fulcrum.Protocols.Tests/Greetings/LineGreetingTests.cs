using System.Text;
using Fulcrum.Protocols.Greetings;
using Fulcrum.Protocols.Redis;
using Fulcrum.Protocols.Smtp;

namespace Fulcrum.Protocols.Tests.Greetings;

public sealed class LineGreetingTests
{
    [Theory]
    [InlineData("+PONG\r\n", GreetingVerdict.Good, "PONG")]
    [InlineData("-NOAUTH Authentication required.\r\n", GreetingVerdict.Good, "NOAUTH Authentication required.")]
    [InlineData("-NOPERM no permissions\r\n", GreetingVerdict.Good, "NOPERM no permissions")]
    [InlineData("-LOADING Redis is loading\r\n", GreetingVerdict.Bad, "LOADING Redis is loading")]
    [InlineData("-MASTERDOWN Link is down\r\n", GreetingVerdict.Bad, "MASTERDOWN Link is down")]
    [InlineData("-ERR max number of clients reached\r\n", GreetingVerdict.Bad, "ERR max number of clients reached")]
    [InlineData("+PING\r\n", GreetingVerdict.Bad, "PING")]
    [InlineData("-a\tb\x1b[1m\r\n", GreetingVerdict.Bad, "a b [1m")]
    [InlineData("HTTP/1.1 400\r\n", GreetingVerdict.Bad, "not a Redis server")]
    [InlineData("+PONG\r", GreetingVerdict.Open, "")]
    public void A_redis_server_is_judged(string server, GreetingVerdict verdict, string text)
    {
        Assert.Equal("PING\r\n"u8, new RedisGreeting().Start().Span);
        var held = Conversation.Hold(() => new RedisGreeting(), Encoding.ASCII.GetBytes(server));
        Assert.Equal((verdict, text), (held.Verdict, held.Text));
        Assert.Empty(held.Sent);
    }

    [Theory]
    [InlineData(
        "220-mx.example ESMTP\r\n220-no spam\r\n220 ready\r\n250-mx.example\r\n250-PIPELINING\r\n250 SIZE\r\n",
        GreetingVerdict.Good,
        "ready",
        "EHLO probe.example\r\nQUIT\r\n"
    )]
    [InlineData("220 mx ESMTP\n250 mx\n", GreetingVerdict.Good, "mx ESMTP", "EHLO probe.example\r\nQUIT\r\n")]
    [InlineData("220\r\n250\r\n", GreetingVerdict.Good, "", "EHLO probe.example\r\nQUIT\r\n")]
    [InlineData("220 mx ESMTP\r\n", GreetingVerdict.Open, "", "EHLO probe.example\r\n")]
    [InlineData("220-mx ESMTP\r\n", GreetingVerdict.Open, "", "")]
    [InlineData("421 4.3.2 too busy\r\n", GreetingVerdict.Bad, "421 4.3.2 too busy", "QUIT\r\n")]
    [InlineData("554-no\r\n554 never\r\n", GreetingVerdict.Bad, "554-no", "QUIT\r\n")]
    [InlineData(
        "220 mx\r\n550 who are you\r\n",
        GreetingVerdict.Bad,
        "550 who are you",
        "EHLO probe.example\r\nQUIT\r\n"
    )]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", GreetingVerdict.Bad, "not a mail server", "")]
    [InlineData("220mx\r\n", GreetingVerdict.Bad, "not a mail server", "")]
    [InlineData("\r\n", GreetingVerdict.Bad, "not a mail server", "")]
    public void A_mail_server_is_judged(string server, GreetingVerdict verdict, string text, string sent)
    {
        Assert.True(new SmtpGreeting("x").Start().IsEmpty);
        var held = Conversation.Hold(() => new SmtpGreeting("probe.example"), Encoding.ASCII.GetBytes(server));
        Assert.Equal((verdict, text), (held.Verdict, held.Text));
        Assert.Equal(sent, Encoding.ASCII.GetString(held.Sent));
    }

    [Fact]
    public void Lines_and_replies_without_end_are_refused()
    {
        var endless = Enumerable.Repeat((byte)'+', 5000).ToArray();
        var held = Conversation.Hold(() => new RedisGreeting(), endless);
        Assert.Equal((GreetingVerdict.Bad, "more than 1024 bytes without end"), (held.Verdict, held.Text));
        held = Conversation.Hold(() => new SmtpGreeting("x"), endless);
        Assert.Equal((GreetingVerdict.Bad, "more than 1024 bytes without end"), (held.Verdict, held.Text));
        var lines = Enumerable.Repeat("220-go on\r\n", 200).SelectMany(Encoding.ASCII.GetBytes).ToArray();
        held = Conversation.Hold(() => new SmtpGreeting("x"), lines);
        Assert.Equal((GreetingVerdict.Bad, "more than 128 lines"), (held.Verdict, held.Text));
    }

    [Fact]
    public void After_a_verdict_nothing_more_is_said()
    {
        var greeting = new SmtpGreeting("x");
        Assert.Equal(GreetingStep.Bad("421 busy", greeting.Feed("421 busy\r\n"u8).ToSend), Again());
        Assert.Equal(GreetingStep.Bad("421 busy"), greeting.Feed("220 well\r\n"u8));

        static GreetingStep Again() => new SmtpGreeting("x").Feed("421 busy\r\n"u8);
    }

    [Fact]
    public void A_long_text_is_told_in_part()
    {
        byte[] line = [(byte)'-', .. Enumerable.Repeat((byte)'x', 900), .. "\r\n"u8];
        Assert.Equal(200, new RedisGreeting().Feed(line).Text.Length);
    }

    [Fact]
    public void Damage_is_borne()
    {
        Conversation.Damage(() => new RedisGreeting(), "-NOAUTH Authentication required.\r\n"u8.ToArray());
        Conversation.Damage(() => new SmtpGreeting("x"), "220-mx\r\n220 ready\r\n250-mx\r\n250 SIZE\r\n"u8.ToArray());
    }
}

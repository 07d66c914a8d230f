using Fulcrum.Protocols.Greetings;
using Fulcrum.Protocols.Ldap;

namespace Fulcrum.Protocols.Tests.Greetings;

public sealed class LdapGreetingTests
{
    private const string Unbind = "30050201024200";

    [Fact]
    public void The_bind_is_anonymous() =>
        Assert.Equal("300c020101600702010304008000", Convert.ToHexStringLower(new LdapGreeting().Start().Span));

    [Theory]
    [InlineData("300c02010161070a010004000400", GreetingVerdict.Good, "success")]
    [InlineData("30840000001002010161840000000 70a010004000400", GreetingVerdict.Good, "success")]
    [InlineData("300e02010161090a0130040004026e6f", GreetingVerdict.Good, "inappropriateAuthentication: no")]
    [InlineData("300c02010161070a013504000400", GreetingVerdict.Good, "unwillingToPerform")]
    [InlineData("300c02010161070a010d04000400", GreetingVerdict.Good, "confidentialityRequired")]
    [InlineData("300f020101610a0a013304000403627379", GreetingVerdict.Bad, "busy: bsy")]
    [InlineData("300c02010161070a013404000400", GreetingVerdict.Bad, "unavailable")]
    [InlineData("300c02010161070a016304000400", GreetingVerdict.Bad, "result 99")]
    [InlineData("300c02010078070a013404000400", GreetingVerdict.Bad, "unavailable")]
    public void The_answer_to_the_bind_is_judged(string hex, GreetingVerdict verdict, string text)
    {
        var held = Hold(Hex(hex));
        Assert.Equal((verdict, text), (held.Verdict, held.Text));
        Assert.Equal(Unbind, Convert.ToHexStringLower(held.Sent));
    }

    [Theory]
    [InlineData("485454502f312e31", "another tag")]
    [InlineData("3080", "a length without end")]
    [InlineData("30850000000001", "a length of five octets")]
    [InlineData("300c04010161070a010004000400", "no message number")]
    [InlineData("300302010161", "nothing but a tag")]
    [InlineData("300c02010165070a010004000400", "another operation")]
    [InlineData("300c020101610a0a010004000400", "longer than what it is in")]
    [InlineData("300d02010161080a02000004000400", "a result of two octets")]
    [InlineData("300802010161030a0100", "no name")]
    public void What_is_no_answer_is_told(string hex, string why)
    {
        var held = Hold(Hex(hex));
        Assert.True(held.Verdict == GreetingVerdict.Bad, why);
        Assert.Equal("not a directory server", held.Text);
        Assert.Empty(held.Sent);
    }

    [Theory]
    [InlineData("3084ffffffff")]
    [InlineData("30840000ffff")]
    public void A_message_that_is_too_long_is_refused(string hex)
    {
        Assert.Equal(GreetingVerdict.Open, Hold(Hex(hex)).Verdict);
        var held = Hold([.. Hex(hex), .. new byte[LdapGreeting.MaxMessage]]);
        Assert.Equal(GreetingVerdict.Bad, held.Verdict);
    }

    [Fact]
    public void Damage_is_borne() =>
        Conversation.Damage(() => new LdapGreeting(), Hex("300e02010161090a0130040004026e6f"));

    private static (GreetingVerdict Verdict, string Text, byte[] Sent) Hold(byte[] server) =>
        Conversation.Hold(() => new LdapGreeting(), server);

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}

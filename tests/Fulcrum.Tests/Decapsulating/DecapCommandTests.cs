using Fulcrum.Decapsulating;
using Fulcrum.Forwarding.Decapsulation;

namespace Fulcrum.Tests.Decapsulating;

/// <summary>What <c>fulcrum decap</c> says, before it does anything and in the end.</summary>
public sealed class DecapCommandTests
{
    private readonly Prompt _prompt = new();

    [Theory]
    [InlineData("--vip 192.0.2", "--vip: found '192.0.2'; expected an address: 192.0.2.10 or 2001:db8::10")]
    [InlineData("--vip fe80::1%eth0", "--vip: found 'fe80::1%eth0'; expected an address")]
    [InlineData("--vip 192.0.2.1 --from 10.0.0.1/33", "--from: found '10.0.0.1/33'; expected an address or a network")]
    [InlineData("--vip 192.0.2.1 --gue-port 65536", "--gue-port: found '65536'; expected a number from 0 to 65535")]
    [InlineData("--from 10.0.0.1", "Option '--vip' is required")]
    public async Task What_means_nothing_is_wrong_use(string options, string said)
    {
        Assert.Equal(2, await _prompt.Type(["decap", "--interface", "lo", .. options.Split(' ')]));
        Assert.Contains(said, _prompt.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_is_missing_is_named_with_those_that_are_there()
    {
        Assert.Equal(1, await _prompt.Type("decap", "--interface", "eth99", "--vip", "192.0.2.1"));
        Assert.StartsWith(
            "fulcrum: there is no interface 'eth99'; there are lo",
            _prompt.Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_reason_has_words()
    {
        foreach (var reason in Enum.GetValues<DecapsulatorReason>())
        {
            var line = DecapText.Of(other => other == reason ? 12_345UL : 0);
            Assert.StartsWith("       12345  ", line, StringComparison.Ordinal);
            Assert.EndsWith("\n", line, StringComparison.Ordinal);
        }

        Assert.Equal("no packet came\n", DecapText.Of(_ => 0));
    }
}

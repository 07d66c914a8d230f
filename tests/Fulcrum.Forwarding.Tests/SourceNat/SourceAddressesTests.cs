using System.Net;
using Fulcrum.Forwarding.SourceNat;

namespace Fulcrum.Forwarding.Tests.SourceNat;

public sealed class SourceAddressesTests
{
    [Theory]
    [InlineData("10.0.0.1", null, 1)]
    [InlineData("10.0.0.1", "10.0.0.1", 1)]
    [InlineData("10.0.0.254", "10.0.1.1", 4)]
    [InlineData("2001:db8::ffff", "2001:db8::1:1", 3)]
    [InlineData("10.0.0.2", "10.0.0.1", 0)]
    [InlineData("10.0.0.0", "10.0.1.0", 0)]
    [InlineData("10.0.0.1", "2001:db8::1", 0)]
    public void From_the_first_to_the_last(string first, string? last, int count)
    {
        var addresses = SourceAddresses.Of(
            new()
            {
                Backend = IPAddress.Loopback,
                Protocol = 6,
                First = IPAddress.Parse(first),
                Last = last is null ? null : IPAddress.Parse(last),
            }
        );
        Assert.Equal(count, addresses.Count);
        Assert.Equal(count, addresses.Distinct().Count());
        if (count > 0)
        {
            Assert.Equal(last ?? first, $"{addresses[^1]}");
        }
    }
}

namespace Fulcrum.Protocols.Tests;

public sealed class InternetChecksumTests
{
    [Theory]
    [InlineData("0001f203f4f5f6f7", 0x220d)] // RFC 1071 section 3: the sum is ddf2.
    [InlineData("4500003044224000800600008c7c19acae241e2b", 0x442e)] // The header of an IPv4 packet.
    [InlineData("", 0xffff)]
    [InlineData("01", 0xfeff)]
    [InlineData("ffff", 0)]
    public void The_checksum_is_that_of_RFC_1071(string hex, int expected)
    {
        var data = Convert.FromHexString(hex);
        Assert.Equal(expected, InternetChecksum.Of(data));
        if (data.Length % 2 == 0)
        {
            Assert.Equal(0, InternetChecksum.Of([.. data, (byte)(expected >> 8), (byte)expected]));
        }
    }

    [Fact]
    public void Carries_are_not_lost_however_much_there_is() =>
        Assert.Equal(0, InternetChecksum.Of([.. Enumerable.Repeat((byte)0xff, 1 << 18)]));
}

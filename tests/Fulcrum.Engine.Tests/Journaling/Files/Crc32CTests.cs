using Fulcrum.Engine.Journaling.Files;

namespace Fulcrum.Engine.Tests.Journaling.Files;

public sealed class Crc32CTests
{
    [Fact]
    public void It_is_the_checksum_of_the_standard()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Fact]
    public void It_goes_on_from_what_stands_before() =>
        Assert.Equal(Crc32C.Of("123456789"u8), Crc32C.Of("456789"u8, Crc32C.Of("123"u8)));
}

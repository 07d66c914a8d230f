using Fulcrum.Linux.Netlink;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class AttributeTests
{
    [Fact]
    public void Attributes_are_padded_and_nest()
    {
        using var writer = new NetlinkWriter();
        writer.Begin(1, NetlinkFlags.None);
        writer.Put(1, (byte)7);
        var nest = writer.BeginNest(2);
        writer.Put(3, "abc");
        writer.Put(4, 0x1122334455667788ul);
        writer.EndNest(nest);
        writer.PutNetworkOrder(5, 0x1234);
        writer.End();
        Assert.Equal(
            "380000000100050000000000000000000500010007000000180002800800030061626300"
                + "0c00040088776655443322110600050012340000",
            Convert.ToHexStringLower(writer.Written)
        );
    }

    [Fact]
    public void A_value_is_what_it_is_read_as_or_nothing_is_whole()
    {
        byte[] bytes = [8, 0, 1, 0, 1, 2, 3, 4, 5, 0, 2, 0, 9];
        var reader = new AttributeReader(bytes);
        Assert.True(reader.Next());
        Assert.Equal((1, 0x04030201u), (reader.Type, reader.UInt32()));
        Assert.True(reader.Next());
        Assert.Equal((2, 9), (reader.Type, reader.Byte()));
        Assert.False(reader.Next());
        Assert.True(reader.IsWhole);

        reader = new(bytes);
        Assert.True(reader.Next());
        Assert.Equal(0, reader.UInt16());
        Assert.False(reader.IsWhole);
        Assert.True(reader.Next());
        Assert.False(reader.IsWhole);
    }

    [Theory]
    [InlineData(new byte[] { 8, 0, 1 })]
    [InlineData(new byte[] { 3, 0, 1, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 1, 0, 1, 2, 3, 4 })]
    public void What_is_longer_than_there_is_or_shorter_than_its_header_ends_it(byte[] bytes)
    {
        var reader = new AttributeReader(bytes);
        Assert.False(reader.Next());
        Assert.False(reader.IsWhole);
        Assert.False(reader.Next());
    }

    [Fact]
    public void What_no_attribute_can_hold_is_refused()
    {
        using var writer = new NetlinkWriter();
        writer.Begin(1, NetlinkFlags.None);
        Assert.Throws<ArgumentException>(() => writer.Put(1, new byte[65_532]));
        var nest = writer.BeginNest(2);
        writer.Put(1, new byte[40_000]);
        writer.Put(1, new byte[40_000]);
        Assert.Throws<InvalidOperationException>(() => writer.EndNest(nest));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 16, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0 })]
    [InlineData(new byte[] { 15, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 17, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 })]
    public void What_is_not_whole_is_no_message(byte[] bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        Assert.False(NetlinkMessage.TryTake(ref rest, out _));
        Assert.Equal(bytes.Length, rest.Length);
    }
}

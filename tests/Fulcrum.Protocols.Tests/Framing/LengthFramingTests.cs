using Fulcrum.Protocols.Framing;

namespace Fulcrum.Protocols.Tests.Framing;

public sealed class LengthFramingTests
{
    [Fact]
    public void The_length_stands_before_a_message_with_the_more_significant_octet_first()
    {
        Span<byte> prefix = stackalloc byte[LengthFraming.PrefixLength];
        LengthFraming.WriteLength(prefix, 0x0102);
        Assert.Equal([1, 2], prefix.ToArray());
    }

    [Fact]
    public void A_length_that_cannot_be_told_is_refused() =>
        Assert.Throws<OverflowException>(() => LengthFraming.WriteLength(new byte[2], LengthFraming.MaxMessage + 1));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_was_framed_comes_out_as_it_was_in_pieces_of_any_size(int seed)
    {
        var random = new Random(seed);
        var messages = new List<byte[]>();
        for (var count = 0; count < 200; count++)
        {
            var most = random.Next(8) switch
            {
                0 => 0,
                1 => LengthFraming.MaxMessage,
                _ => 600,
            };
            var message = new byte[random.Next(most + 1)];
            random.NextBytes(message);
            messages.Add(message);
        }

        var stream = messages.SelectMany(Framed).ToArray();
        foreach (var most in new[] { 1, 7, 1500, 64 * 1024, stream.Length })
        {
            var read = Read(stream, () => random.Next(most) + 1);
            Assert.Equal(messages.Count, read.Count);
            Assert.All(messages.Zip(read), pair => Assert.Equal(pair.First, pair.Second));
        }
    }

    [Fact]
    public void A_message_that_lies_whole_in_a_piece_needs_no_store()
    {
        var deframer = new LengthDeframer();
        ReadOnlySpan<byte> data = [0, 3, 1, 2, 3, 0, 0, 0];
        Assert.True(deframer.TryRead(ref data, [], out var message));
        Assert.Equal([1, 2, 3], message.ToArray());
        Assert.True(deframer.TryRead(ref data, [], out message));
        Assert.True(message.IsEmpty);
        Assert.True(deframer.IsBetweenMessages);
        Assert.False(deframer.TryRead(ref data, [], out _));
        Assert.False(deframer.IsBetweenMessages);
    }

    [Fact]
    public void A_store_that_is_too_short_is_told_by_what_is_left()
    {
        var deframer = new LengthDeframer();
        ReadOnlySpan<byte> data = [1, 0, 9, 9];
        Assert.False(deframer.TryRead(ref data, new byte[0xFF], out _));
        Assert.Equal(2, data.Length);
        Assert.Equal(0x100, deframer.StoreLength);
        Assert.False(deframer.NeedsStore);
        Assert.False(deframer.TryRead(ref data, new byte[0x100], out _));
        Assert.True(data.IsEmpty);
        Assert.True(deframer.NeedsStore);
    }

    private static byte[] Framed(byte[] message)
    {
        var framed = new byte[LengthFraming.PrefixLength + message.Length];
        LengthFraming.WriteLength(framed, message.Length);
        message.CopyTo(framed, LengthFraming.PrefixLength);
        return framed;
    }

    private static List<byte[]> Read(byte[] stream, Func<int> next)
    {
        var deframer = new LengthDeframer();
        var store = new byte[LengthFraming.MaxMessage];
        var read = new List<byte[]>();
        for (var at = 0; at < stream.Length; )
        {
            var size = Math.Min(next(), stream.Length - at);
            ReadOnlySpan<byte> data = stream.AsSpan(at, size);
            while (deframer.TryRead(ref data, store, out var message))
            {
                read.Add(message.ToArray());
            }

            Assert.True(data.IsEmpty);
            at += size;
        }

        Assert.True(deframer.IsBetweenMessages);
        return read;
    }
}

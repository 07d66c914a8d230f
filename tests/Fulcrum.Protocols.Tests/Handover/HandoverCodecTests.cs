using Fulcrum.Protocols.Handover;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Handover;

public sealed class HandoverCodecTests
{
    [Fact]
    public void Whatever_is_written_reads_back_the_same()
    {
        var random = Seeds.NewRandom();
        for (var round = 0; round < 2_000; round++)
        {
            var message = Any(random);
            var buffer = new byte[HandoverCodec.MostBytes];
            var length = HandoverCodec.Encode(message, buffer);
            Assert.Equal(message, HandoverCodec.Decode(buffer.AsSpan(0, length)));
        }
    }

    [Fact]
    public void What_is_cut_or_goes_on_is_no_message()
    {
        var random = Seeds.NewRandom();
        for (var round = 0; round < 300; round++)
        {
            // Of a part of the state any length is one.
            if (Any(random) is HandoverState or HandoverServing or HandoverOver)
            {
                continue;
            }

            var buffer = new byte[HandoverCodec.MostBytes];
            var length = HandoverCodec.Encode(Any(random, isPart: false), buffer);
            Assert.Null(HandoverCodec.Decode(buffer.AsSpan(0, random.Next(length))));
            Assert.Null(HandoverCodec.Decode(buffer.AsSpan(0, length + 1)));
        }
    }

    [Fact]
    public void Texts_that_are_too_long_are_cut_at_a_letter()
    {
        var buffer = new byte[HandoverCodec.MostBytes];
        var length = HandoverCodec.Encode(new HandoverHello(1, 2, new string('ä', 400)), buffer);
        Assert.Equal(new HandoverHello(1, 2, new string('ä', 127)), HandoverCodec.Decode(buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Too_much_for_one_message_is_not_written()
    {
        var buffer = new byte[HandoverCodec.MostBytes];
        Assert.Throws<ArgumentException>(() =>
            HandoverCodec.Encode(new HandoverSockets(new string[HandoverCodec.MostNames + 1]), buffer)
        );
        Assert.Throws<ArgumentException>(() =>
            HandoverCodec.Encode(new HandoverState(new byte[HandoverCodec.MostPart + 1]), buffer)
        );
    }

    [Fact]
    public void The_most_that_is_allowed_fits()
    {
        var buffer = new byte[HandoverCodec.MostBytes];
        var names = Enumerable.Repeat(new string('x', 255), HandoverCodec.MostNames).ToArray();
        var length = HandoverCodec.Encode(new HandoverSockets(names), buffer);
        Assert.Equal(new HandoverSockets(names), HandoverCodec.Decode(buffer.AsSpan(0, length)));
    }

    private static HandoverMessage Any(Random random, bool isPart = true) =>
        random.Next(isPart ? 8 : 5) switch
        {
            0 => new HandoverHello(random.Next(1 << 16), random.Next(), Text(random)),
            1 => new HandoverRefusal(Text(random)),
            2 => new HandoverSockets([.. Enumerable.Range(1, random.Next(1, 20)).Select(_ => Text(random))]),
            3 => new HandoverEnd(random.Next(), random.Next(), Text(random), Text(random)),
            4 => new HandoverStarted(random.Next()),
            5 => new HandoverState(Bytes(random)),
            6 => new HandoverServing(),
            _ => new HandoverOver(),
        };

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(1000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next(32, 0x2FF)));
}

using Fulcrum.Protocols.Framing;

namespace Fulcrum.Fuzz;

/// <summary>Framed datagrams: they come out the same in pieces of any size, and framed again they are what was read.</summary>
internal sealed class LengthFramingTarget : IFuzzTarget
{
    public string Name => "length-framing";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/length-framing"];

    public void Run(ReadOnlySpan<byte> input)
    {
        Pieces.Compare(input, (bytes, size) => Convert.ToHexString(Reframe(bytes, size)));
        var again = Reframe(input.ToArray(), Math.Max(1, input.Length));
        if (!input.StartsWith(again))
        {
            throw new FuzzFailureException("framed again it is another stream");
        }
    }

    private static byte[] Reframe(byte[] bytes, int size)
    {
        var deframer = new LengthDeframer();
        var store = new byte[LengthFraming.MaxMessage];
        var framed = new MemoryStream();
        Span<byte> prefix = stackalloc byte[LengthFraming.PrefixLength];
        foreach (var piece in bytes.Chunk(size))
        {
            ReadOnlySpan<byte> data = piece;
            while (deframer.TryRead(ref data, store, out var message))
            {
                LengthFraming.WriteLength(prefix, message.Length);
                framed.Write(prefix);
                framed.Write(message);
            }

            if (!data.IsEmpty)
            {
                throw new FuzzFailureException("bytes are left although there is a store");
            }
        }

        return framed.ToArray();
    }
}

using Fulcrum.Protocols.Http2.Hpack;

namespace Fulcrum.Fuzz;

/// <summary>Header blocks: they are read twice in a row, or refused; what was read is written such that it reads back equal.</summary>
internal sealed class HpackTarget : IFuzzTarget
{
    private const int ListLimit = 4096;

    public string Name => "hpack";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/hpack"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var decoder = new HpackDecoder(ListLimit);
        var fields = decoder.Decode(input);
        if (fields is null != decoder.Error is not null)
        {
            throw new FuzzFailureException("fields and an error, or neither");
        }

        if (fields is null)
        {
            return;
        }

        _ = decoder.Decode(input);
        var again = new HpackDecoder(ListLimit).Decode(HpackEncoder.Encode(fields));
        if (again is null || !again.SequenceEqual(fields))
        {
            throw new FuzzFailureException("other fields when they are written and read again");
        }
    }
}

using System.Text;
using Fulcrum.Engine.Inheriting;
using Fulcrum.Protocols.Handover;

namespace Fulcrum.Fuzz;

/// <summary>
/// What one process of a node says to the next, and what it knows: whatever is understood is written such that it reads
/// back equal.
/// </summary>
internal sealed class HandoverTarget : IFuzzTarget
{
    private readonly byte[] _buffer = new byte[HandoverCodec.MostBytes];

    public string Name => "handover";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/handover"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (HandoverCodec.Decode(input) is { } message)
        {
            var length = HandoverCodec.Encode(message, _buffer);
            var back = HandoverCodec.Decode(_buffer.AsSpan(0, length));
            // What is no UTF-8 takes more room once it is: a text may be cut then.
            if (!message.Equals(back) && Encoding.UTF8.GetString(input).IndexOf('\uFFFD', StringComparison.Ordinal) < 0)
            {
                throw new FuzzFailureException($"{message} reads back as {back}");
            }
        }

        if (InheritanceText.Read(input) is { } known)
        {
            var text = InheritanceText.Write(known);
            if (InheritanceText.Read(text) is not { } back || !text.AsSpan().SequenceEqual(InheritanceText.Write(back)))
            {
                throw new FuzzFailureException($"reads back as another: {Encoding.UTF8.GetString(text)}");
            }
        }
    }
}

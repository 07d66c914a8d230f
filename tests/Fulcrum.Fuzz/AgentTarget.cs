using Fulcrum.Protocols.Agent;

namespace Fulcrum.Fuzz;

/// <summary>What agents say: whole and in pieces of every small size, to the same reply, within its bounds.</summary>
internal sealed class AgentTarget : IFuzzTarget
{
    public string Name => "agent";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/agent"];

    public void Run(ReadOnlySpan<byte> input) => Pieces.Compare(input, Read);

    private static (AgentReply?, string?) Read(byte[] input, int size)
    {
        var reader = new AgentReplyReader();
        _ = input.Chunk(size).All(piece => reader.Feed(piece));
        if (reader.End() == reader.Error is not null)
        {
            throw new FuzzFailureException("a reply and an error, or neither");
        }

        if (reader.Reply is { Weight: not (null or (>= 0 and <= 2.56)) } or { MaxConnections: < 0 })
        {
            throw new FuzzFailureException($"beyond its bounds: {reader.Reply}");
        }

        return (reader.Reply, reader.Error);
    }
}

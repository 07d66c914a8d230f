using Fulcrum.Protocols.Http;

namespace Fulcrum.Fuzz;

/// <summary>Responses to probes: read whole and in pieces of every small size, to the same end.</summary>
internal sealed class HttpResponseTarget : IFuzzTarget
{
    private const int BodyLimit = 64;

    public string Name => "http-response";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/http-response"];

    public void Run(ReadOnlySpan<byte> input) => Pieces.Compare(input, Read);

    private static (int, bool, string?, string) Read(byte[] input, int size)
    {
        var reader = new HttpResponseReader(BodyLimit);
        _ = input.Chunk(size).All(piece => reader.Feed(piece));
        var complete = reader.End();
        if (reader.Body.Length > BodyLimit)
        {
            throw new FuzzFailureException($"{reader.Body.Length} bytes of body are held, the limit is {BodyLimit}");
        }

        return (reader.StatusCode, complete, reader.Error, Convert.ToHexString(reader.Body));
    }
}

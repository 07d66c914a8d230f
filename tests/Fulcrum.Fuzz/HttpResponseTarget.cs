using Fulcrum.Protocols.Http;

namespace Fulcrum.Fuzz;

/// <summary>Responses to probes: read whole and in pieces of every small size, to the same end.</summary>
internal sealed class HttpResponseTarget : IFuzzTarget
{
    private const int BodyLimit = 64;

    public string Name => "http-response";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/http-response"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var whole = Read(input, input.Length);
        for (var size = 1; size <= 3; size++)
        {
            if (Read(input, size) != whole)
            {
                throw new FuzzFailureException($"pieces of {size} bytes are read otherwise than the whole");
            }
        }
    }

    private static (int, bool, string?, string) Read(ReadOnlySpan<byte> input, int size)
    {
        var reader = new HttpResponseReader(BodyLimit);
        for (var at = 0; at < input.Length; at += size)
        {
            if (!reader.Feed(input.Slice(at, Math.Min(size, input.Length - at))))
            {
                break;
            }
        }

        var complete = reader.End();
        if (reader.Body.Length > BodyLimit)
        {
            throw new FuzzFailureException($"{reader.Body.Length} bytes of body are held, the limit is {BodyLimit}");
        }

        return (reader.StatusCode, complete, reader.Error, Convert.ToHexString(reader.Body));
    }
}

using Fulcrum.Protocols.Http2;

namespace Fulcrum.Fuzz;

/// <summary>What HTTP/2 servers send: whole and in pieces of every small size, to the same end.</summary>
internal sealed class Http2Target : IFuzzTarget
{
    private const int BodyLimit = 64;

    public string Name => "http2";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/http2"];

    public void Run(ReadOnlySpan<byte> input) => Pieces.Compare(input, Read);

    private static (int, bool, string?, string, string, string) Read(byte[] input, int size)
    {
        var exchange = new Http2Exchange(BodyLimit);
        _ = input.Chunk(size).All(piece => exchange.Feed(piece));
        if (exchange.Body.Length > BodyLimit)
        {
            throw new FuzzFailureException($"{exchange.Body.Length} bytes of body are held, the limit is {BodyLimit}");
        }

        return (
            exchange.StatusCode,
            exchange.IsComplete,
            exchange.Error,
            Convert.ToHexString(exchange.Body),
            string.Join('\n', exchange.Headers.Concat(exchange.Trailers)),
            Convert.ToHexString(exchange.TakeOutput())
        );
    }
}

namespace Fulcrum.TestKit.Acme;

/// <summary>A request as it came.</summary>
/// <param name="Headers">By names in lower case.</param>
internal sealed record AcmeRequest(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
);

/// <summary>What is answered.</summary>
internal sealed record AcmeReply(int Status, string ContentType, byte[] Body)
{
    public Dictionary<string, string> Headers { get; } = new(StringComparer.Ordinal);
}

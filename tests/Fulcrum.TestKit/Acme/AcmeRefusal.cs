namespace Fulcrum.TestKit.Acme;

/// <summary>The authority refuses (RFC 8555 section 6.7).</summary>
internal sealed class AcmeRefusal(int status, string kind, string detail) : Exception(detail)
{
    public int Status => status;

    public string Kind => kind;

    public TimeSpan? RetryAfter { get; init; }
}

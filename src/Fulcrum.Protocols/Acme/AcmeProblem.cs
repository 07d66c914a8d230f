namespace Fulcrum.Protocols.Acme;

/// <summary>Why an authority refuses (RFC 8555 section 6.7, RFC 7807); each text is one line.</summary>
public sealed record AcmeProblem
{
    public const string BadNonce = "badNonce";
    public const string RateLimited = "rateLimited";
    public const string AlreadyReplaced = "alreadyReplaced";
    public const string AccountDoesNotExist = "accountDoesNotExist";

    private const string Prefix = "urn:ietf:params:acme:error:";

    /// <summary>A URN; for those of ACME see <see cref="Kind"/>.</summary>
    public string Type { get; init; } = "about:blank";

    public string? Detail { get; init; }

    /// <summary>What is wrong with single names: <c>www.example.com: no such name</c>.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>The last part of an ACME type: <c>badNonce</c>.</summary>
    public string Kind => Type.StartsWith(Prefix, StringComparison.Ordinal) ? Type[Prefix.Length..] : Type;

    public override string ToString() => string.Join("; ", Parts.Prepend(Detail is null ? Kind : $"{Detail} ({Kind})"));
}

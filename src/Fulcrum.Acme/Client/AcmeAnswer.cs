using System.Net;

namespace Fulcrum.Acme.Client;

/// <summary>What an authority answered.</summary>
/// <param name="Location">The place of what was made. Null: none was told.</param>
/// <param name="RetryAfter">Not sooner than this is it to be asked again. Null: it did not say.</param>
internal sealed record AcmeAnswer(
    HttpStatusCode Status,
    ReadOnlyMemory<byte> Body,
    Uri? Location,
    string? Nonce,
    TimeSpan? RetryAfter
);

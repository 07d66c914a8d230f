using System.Text.Json;

namespace Fulcrum.Protocols.Acme;

/// <summary>
/// What an authority answers with. An authority is asked by us and still a stranger: what it sends is bounded in size,
/// depth and number, its places are URLs of HTTP, and its words become lines. What is not ours is passed over (RFC 8555
/// section 7.1: fields that are not known are ignored). Null: the document is none of its kind.
/// </summary>
public static class AcmeDocuments
{
    public const int MostBytes = 1 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    public static AcmeDirectory? ReadDirectory(ReadOnlyMemory<byte> body) =>
        Read(
            body,
            root =>
                AcmeFields.Url(root, "newNonce") is { } newNonce
                && AcmeFields.Url(root, "newAccount") is { } newAccount
                && AcmeFields.Url(root, "newOrder") is { } newOrder
                    ? new AcmeDirectory
                    {
                        NewNonce = newNonce,
                        NewAccount = newAccount,
                        NewOrder = newOrder,
                        RenewalInfo = AcmeFields.Url(root, "renewalInfo"),
                        TermsOfService = AcmeFields.Object(root, "meta") is { } meta
                            ? AcmeFields.Line(meta, "termsOfService")
                            : null,
                        NeedsExternalAccount =
                            AcmeFields.Object(root, "meta") is { } rules
                            && AcmeFields.Truth(rules, "externalAccountRequired"),
                    }
                    : null
        );

    public static AcmeOrder? ReadOrder(ReadOnlyMemory<byte> body) =>
        Read(
            body,
            root =>
                AcmeFields.Status(root) is { } status
                && AcmeFields.Several(root, "identifiers", AcmeFields.DnsName) is { Count: > 0 } names
                && AcmeFields.Several(root, "authorizations", AcmeFields.UrlOf) is { } authorizations
                && AcmeFields.Url(root, "finalize") is { } finalize
                    ? new AcmeOrder
                    {
                        Status = status,
                        Expires = AcmeFields.Time(root, "expires"),
                        Names = names,
                        Authorizations = authorizations,
                        Finalize = finalize,
                        Certificate = AcmeFields.Url(root, "certificate"),
                        Error = AcmeFields.Object(root, "error") is { } error ? Problem(error) : null,
                    }
                    : null
        );

    public static AcmeAuthorization? ReadAuthorization(ReadOnlyMemory<byte> body) =>
        Read(
            body,
            root =>
                AcmeFields.Status(root) is { } status
                && AcmeFields.Object(root, "identifier") is { } identifier
                && AcmeFields.DnsName(identifier) is { } name
                && AcmeFields.Several(root, "challenges", Challenge) is { } challenges
                    ? new AcmeAuthorization
                    {
                        Status = status,
                        Expires = AcmeFields.Time(root, "expires"),
                        Name = name,
                        IsWildcard = AcmeFields.Truth(root, "wildcard"),
                        Challenges = challenges,
                    }
                    : null
        );

    public static AcmeChallenge? ReadChallenge(ReadOnlyMemory<byte> body) => Read(body, Challenge);

    /// <summary>The state of an account (RFC 8555 section 7.1.2); its other fields say nothing that we do not know.</summary>
    public static AcmeStatus? ReadAccount(ReadOnlyMemory<byte> body) =>
        Read(body, root => AcmeFields.Status(root) is { } status ? (object)status : null) as AcmeStatus?;

    public static AcmeProblem? ReadProblem(ReadOnlyMemory<byte> body) => Read(body, Problem);

    public static AcmeRenewalInfo? ReadRenewalInfo(ReadOnlyMemory<byte> body) =>
        Read(
            body,
            root =>
                AcmeFields.Object(root, "suggestedWindow") is { } window
                && AcmeFields.Time(window, "start") is { } start
                && AcmeFields.Time(window, "end") is { } end
                // A window that ends before it begins is to be taken for none (RFC 9773 section 4.2).
                && end > start
                    ? new AcmeRenewalInfo(start, end, AcmeFields.Line(root, "explanationURL"))
                    : null
        );

    private static AcmeChallenge? Challenge(JsonElement item) =>
        AcmeFields.Status(item) is { } status
        && AcmeFields.Line(item, "type") is { } type
        && AcmeFields.Url(item, "url") is { } url
            ? new AcmeChallenge
            {
                Type = type,
                Url = url,
                Status = status,
                Token = AcmeFields.Line(item, "token") is { } token && AcmeProof.IsToken(token) ? token : null,
                Error = AcmeFields.Object(item, "error") is { } error ? Problem(error) : null,
            }
            : null;

    private static AcmeProblem Problem(JsonElement item) =>
        new()
        {
            Type = AcmeFields.Line(item, "type") is { Length: > 0 } type ? type : "about:blank",
            Detail = AcmeFields.Line(item, "detail"),
            Parts = AcmeFields.Several(item, "subproblems", Part) ?? [],
        };

    private static string? Part(JsonElement item) =>
        AcmeFields.Line(item, "detail") is not { } detail ? null
        : AcmeFields.Object(item, "identifier") is { } identifier && AcmeFields.Line(identifier, "value") is { } name
            ? $"{name}: {detail}"
        : detail;

    private static T? Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T?> read)
        where T : class
    {
        if (body.Length > MostBytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Malformed, or a text that is no UTF-8.
            return null;
        }
    }
}

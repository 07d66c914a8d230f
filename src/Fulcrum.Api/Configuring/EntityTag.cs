using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.Api.Access;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// Strong entity tags of what is configured (RFC 9110 section 8.8.3), and the conditions that lean on them (section 13):
/// who changes what he has read says so by <c>If-Match</c>, and nobody's change in between is lost.
/// </summary>
internal static class EntityTag
{
    public static string Of(JsonNode part)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(part.ToJsonString()));
        return $"\"{Base64Url.EncodeToString(hash.AsSpan(0, 15))}\"";
    }

    /// <summary>The conditions of the request hold for what is there. False: it was refused with 412.</summary>
    /// <param name="present">What it may be known as; nulls: nothing is there.</param>
    public static async Task<bool> HoldsAsync(HttpContext context, params IReadOnlyList<JsonNode?> present)
    {
        var headers = context.Request.Headers;
        var why =
            headers.IfMatch.Count > 0 && !present.Any(one => IsAny(headers.IfMatch.ToArray(), one))
                ? present.All(one => one is null)
                    ? "there is nothing that If-Match could match"
                    : "it is not any more what If-Match says; read it again"
                : headers.IfNoneMatch.Count > 0 && present.Any(one => IsAny(headers.IfNoneMatch.ToArray(), one))
                    ? "it is there already, which If-None-Match rules out"
                    : null;
        if (why is null)
        {
            return true;
        }

        await context.RefuseAsync(StatusCodes.Status412PreconditionFailed, why);
        return false;
    }

    /// <summary>Answers with what is configured, or with 304 to who has it already.</summary>
    public static async Task ShowAsync(HttpContext context, JsonNode part)
    {
        context.Response.Headers.ETag = Of(part);
        if (IsAny(context.Request.Headers.IfNoneMatch.ToArray(), part))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await context.OkAsync(Redaction.For(context.Caller(), part), ApiJson.Default.JsonNode);
    }

    private static bool IsAny(string?[] tags, JsonNode? present) =>
        present is not null
        && EntityTagHeaderValue.TryParseList(tags.OfType<string>().ToArray(), out var parsed)
        && parsed.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag == Of(present)));
}

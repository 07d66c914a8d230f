using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Problems;

/// <summary>Reads what a request brings, and writes answers and refusals.</summary>
internal static class Answers
{
    // Answers are never parts of a page: an apostrophe may stay one, for those who read them with curl.
    private static readonly ApiJson Plain = new(
        new JsonSerializerOptions(ApiJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    public static Task OkAsync<T>(this HttpContext context, T document, JsonTypeInfo<T> type) =>
        context.WriteAsync(document, type, "application/json; charset=utf-8");

    /// <summary>Text for people who ask for it, a document for programs.</summary>
    public static Task ShowAsync<T>(this HttpContext context, string text, Func<T> document, JsonTypeInfo<T> type)
    {
        if (context.Request.Headers.Accept is not ["text/plain"])
        {
            return context.OkAsync(document(), type);
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    public static Task RefuseAsync(
        this HttpContext context,
        int status,
        string title,
        params IEnumerable<Problem> problems
    )
    {
        context.Response.StatusCode = status;
        return context.WriteAsync(
            new ProblemDocument
            {
                Title = title,
                Status = status,
                Problems = [.. problems.Select(ProblemEntry.Of)],
            },
            ApiJson.Default.ProblemDocument,
            "application/problem+json"
        );
    }

    /// <summary>Says that there is no such object, and what was probably meant.</summary>
    public static Task RefuseUnknownAsync(this HttpContext context, string kind, string name, IEnumerable<string> names)
    {
        var near = NearMiss.Of(name, names) is { } meant ? $"; did you mean '{meant}'?" : "";
        return context.RefuseAsync(StatusCodes.Status404NotFound, $"there is no {kind} '{Shown(name)}'{near}");
    }

    /// <summary>The document in the body; null after a refusal.</summary>
    public static async Task<T?> ReadAsync<T>(this HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } read)
            {
                return read;
            }

            await context.RefuseAsync(StatusCodes.Status400BadRequest, "the body is null");
        }
        catch (JsonException error)
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, $"the body is not understood: {error.Message}");
        }

        return null;
    }

    /// <summary>All that is in the body; null after a refusal, because nothing is.</summary>
    public static async Task<byte[]?> ReadBytesAsync(this HttpContext context, string expected)
    {
        using var text = new MemoryStream();
        await context.Request.Body.CopyToAsync(text, context.RequestAborted);
        if (text.Length > 0)
        {
            return text.ToArray();
        }

        await context.RefuseAsync(StatusCodes.Status400BadRequest, $"the body is empty; expected {expected}");
        return null;
    }

    /// <summary>A value of the query, which the gate has looked at.</summary>
    public static string? Text(this HttpContext context, string name) =>
        context.Request.Query[name] is [{ } value] ? value : null;

    /// <summary>A value of the query that must be there, which the gate has seen to.</summary>
    public static string Required(this HttpContext context, string name) =>
        context.Text(name) ?? throw new InvalidOperationException($"'{name}' is not required by the operation.");

    public static long? Number(this HttpContext context, string name) =>
        context.Text(name) is { } text ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public static bool Flag(this HttpContext context, string name) => context.Text(name) == "true";

    /// <summary>
    /// A part of the path. A slash within a name is written <c>%2F</c> there and left so by the server; no name has a
    /// per cent sign of its own.
    /// </summary>
    public static string PathPart(this HttpContext context, string name) =>
        ((string)context.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>What somebody sent, as it may stand in a sentence.</summary>
    public static string Shown(string text)
    {
        const int longest = 100;
        var shown = text.Length > longest ? text[..longest] + "..." : text;
        return string.Concat(shown.Select(letter => char.IsControl(letter) ? '?' : letter));
    }

    private static async Task WriteAsync<T>(this HttpContext context, T document, JsonTypeInfo<T> type, string media)
    {
        var plain = (JsonTypeInfo<T>)Plain.GetTypeInfo(type.Type)!;
        await context.Response.WriteAsJsonAsync(document, plain, media, context.RequestAborted);
        // A text ends with the end of a line: the prompt of a shell stands on the next.
        await context.Response.WriteAsync("\n", context.RequestAborted);
    }
}

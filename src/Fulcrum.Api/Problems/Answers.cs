using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fulcrum.Model.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fulcrum.Api.Problems;

/// <summary>Reads what a request brings, and writes answers and refusals.</summary>
internal static class Answers
{
    /// <summary>An override, a question: nothing that small needs more.</summary>
    private const int MostBytes = 64 * 1024;

    public static Task OkAsync<T>(this HttpContext context, T document, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(document, type, cancellationToken: context.RequestAborted);

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
        return context.Response.WriteAsJsonAsync(
            new ProblemDocument
            {
                Title = title,
                Status = status,
                Problems = [.. problems.Select(ProblemEntry.Of)],
            },
            ApiJson.Default.ProblemDocument,
            "application/problem+json",
            context.RequestAborted
        );
    }

    /// <summary>The document in the body; null after a refusal.</summary>
    public static async Task<T?> ReadAsync<T>(this HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        if (context.Request.ContentLength > MostBytes)
        {
            await context.RefuseAsync(StatusCodes.Status413PayloadTooLarge, $"the body is more than {MostBytes} bytes");
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostBytes;
        }

        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } read)
            {
                return read;
            }

            await context.RefuseAsync(StatusCodes.Status400BadRequest, "the body is null");
        }
        catch (BadHttpRequestException error)
        {
            await context.RefuseAsync(error.StatusCode, $"the body is not taken: {error.Message}");
        }
        catch (JsonException error)
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, $"the body is not understood: {error.Message}");
        }

        return null;
    }

    /// <summary>A value of the query that may be left out. False: it is there twice, or empty.</summary>
    public static bool TryQuery(this HttpContext context, string name, out string? value)
    {
        value = context.Request.Query[name] is [{ Length: > 0 } one] ? one : null;
        return value is not null || context.Request.Query[name].Count == 0;
    }

    /// <summary>A value of the query; null after a refusal.</summary>
    public static async Task<string?> QueryAsync(this HttpContext context, string name)
    {
        if (context.Request.Query[name] is [{ Length: > 0 } value])
        {
            return value;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"'{name}' is missing in the query, or is there twice"
        );
        return null;
    }
}

using Fulcrum.Api.Problems;
using Fulcrum.Model.Access;
using Fulcrum.Model.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fulcrum.Api.Operations;

/// <summary>
/// Refuses what an operation does not know before its handler sees it: keys and values of the query, media types, and
/// bodies that are too long. A misspelt filter that was ignored would answer with everything.
/// </summary>
internal static class OperationGate
{
    // Each takes a multiple of its size until it is understood.
    private const int MostLargeBodies = 4;

    private static int _largeBodies;

    public static void Use(WebApplication app, NodeContext node) =>
        app.Use(
            (context, next) =>
                context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { } operation
                    ? operation.Role != AccessRole.Reader && node.Upgrade?.WhyNoChanges is { } why
                        ? PutOffAsync(context, why)
                        : CheckAsync(context, operation, next)
                    : next(context)
        );

    private static Task PutOffAsync(HttpContext context, string why)
    {
        context.Response.Headers.RetryAfter = "1";
        return context.RefuseAsync(StatusCodes.Status503ServiceUnavailable, why);
    }

    private static Task CheckAsync(HttpContext context, Operation operation, RequestDelegate next) =>
        WhyNot(context, operation) is { } why ? context.RefuseAsync(StatusCodes.Status400BadRequest, why)
        : operation.Body is { } body ? CheckBodyAsync(context, body, next)
        : next(context);

    private static string? WhyNot(HttpContext context, Operation operation)
    {
        foreach (var (key, values) in context.Request.Query)
        {
            if (operation.Parameters.FirstOrDefault(known => !known.IsInPath && known.Name == key) is not { } parameter)
            {
                var names = operation.Parameters.Where(known => !known.IsInPath).Select(known => known.Name).ToList();
                var near =
                    NearMiss.Of(key, names) is { } meant ? $"; did you mean '{meant}'?"
                    : names.Count > 0 ? $"; it knows {string.Join(", ", names)}"
                    : "";
                return $"this operation knows no '{Answers.Shown(key)}' in the query{near}";
            }

            if (values is not [{ } value])
            {
                return $"'{key}' is there more than once";
            }

            if (parameter.WhyNot(value) is { } expected)
            {
                return $"{key} '{Answers.Shown(value)}' is not {expected}";
            }
        }

        return
            operation.Parameters.FirstOrDefault(known =>
                known is { IsRequired: true, IsInPath: false } && !context.Request.Query.ContainsKey(known.Name)
            )
                is { } missing
            ? $"'{missing.Name}' is missing in the query: {missing.Description}"
            : null;
    }

    private static Task CheckBodyAsync(HttpContext context, Body body, RequestDelegate next)
    {
        var media = MediaOf(context);
        if (media is not null && !body.Media.Contains(media, StringComparer.OrdinalIgnoreCase))
        {
            return context.RefuseAsync(
                StatusCodes.Status415UnsupportedMediaType,
                $"a body of the type '{Answers.Shown(media)}' is not understood; expected {string.Join(" or ", body.Media)}"
            );
        }

        if (context.Request.ContentLength > body.MostBytes)
        {
            return context.RefuseAsync(
                StatusCodes.Status413PayloadTooLarge,
                $"the body is more than {body.MostBytes} bytes"
            );
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = body.MostBytes;
        }

        return body.MostBytes == Body.Large ? CarryLargeAsync(context, next) : next(context);
    }

    private static async Task CarryLargeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _largeBodies) > MostLargeBodies)
            {
                context.Response.Headers.RetryAfter = "1";
                await context.RefuseAsync(
                    StatusCodes.Status503ServiceUnavailable,
                    $"{MostLargeBodies} configurations are being read already; try again in a moment"
                );
                return;
            }

            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _largeBodies);
        }
    }

    // curl -d says that it sends a form; whoever says so about JSON does not mean it.
    private static string? MediaOf(HttpContext context)
    {
        var media = context.Request.ContentType?.Split(';', 2)[0].Trim();
        return media is null or "" or "application/x-www-form-urlencoded" or "text/plain" ? null : media;
    }
}

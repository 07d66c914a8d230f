using Fulcrum.Api.Operations;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.OpenApi;

/// <summary>The description of the API itself.</summary>
internal static class OpenApiOperations
{
    /// <summary>As the project calls what is kept beside the sources.</summary>
    private const string Resource = "openapi.json";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("get-openapi", HttpMethods.Get, "/openapi.json", "All that the API can do (OpenAPI 3.1).")
        {
            Answers = [new(StatusCodes.Status200OK, "The document.", ApiJson.Default.JsonNode)],
            Handler = async (context, _) =>
            {
                await using var document = typeof(OpenApiOperations).Assembly.GetManifestResourceStream(Resource)!;
                context.Response.ContentType = Body.Json;
                context.Response.ContentLength = document.Length;
                await document.CopyToAsync(context.Response.Body, context.RequestAborted);
            },
        },
    ];
}

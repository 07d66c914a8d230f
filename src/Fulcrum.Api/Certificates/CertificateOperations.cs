using Fulcrum.Api.Access;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Certificates;

/// <summary>What clients that speak TLS are shown.</summary>
internal static class CertificateOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("list-certificates", HttpMethods.Get, "/certificates", "Certificates that clients are shown.")
        {
            Parameters = Paging.Parameters,
            Answers = [new(StatusCodes.Status200OK, "By name.", ApiJson.Default.ListDocumentCertificateDocument)],
            Handler = ListAsync,
        },
        new("get-certificate", HttpMethods.Get, "/certificates/{name}", "One of the certificates.")
        {
            Parameters = [Parameter.InPath("name", "its file, or the name that it is got for")],
            Answers = [new(StatusCodes.Status200OK, "As it is now.", ApiJson.Default.CertificateDocument)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = GetAsync,
        },
    ];

    private static Task ListAsync(HttpContext context, NodeContext node)
    {
        var (all, scope, now) = (node.Engine.State.Certificates, context.Scope(node), node.Time.GetUtcNow());
        return context.OkAsync(
            context.Page(
                all.Values.Where(one => scope.Covers("certificate", one.Observed.Name)),
                one => one.Observed.Name,
                one => CertificateDocument.Of(one, service => scope.Covers("service", service), now)
            ),
            ApiJson.Default.ListDocumentCertificateDocument
        );
    }

    private static Task GetAsync(HttpContext context, NodeContext node)
    {
        var (all, scope, name) = (node.Engine.State.Certificates, context.Scope(node), context.PathPart("name"));
        return !scope.Covers("certificate", name) ? context.RefuseOutsideAsync($"certificate '{name}'")
            : all[name] is { } found
                ? context.OkAsync(
                    CertificateDocument.Of(found, service => scope.Covers("service", service), node.Time.GetUtcNow()),
                    ApiJson.Default.CertificateDocument
                )
            : context.RefuseUnknownAsync("certificate", name, all.Keys);
    }
}

using System.Text.Json.Serialization.Metadata;
using Fulcrum.Api.Access;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Objects;

/// <summary>Objects as they are now: what was decided about them, why, and what they carry.</summary>
internal static class ObjectOperations
{
    private static readonly Parameter Select = new("select", "only objects with such labels")
    {
        Example = "tier=web,rack in (a,b)",
    };

    private static readonly Parameter Upstream = new("upstream", "only members of this upstream");

    private static readonly Parameter Service = new("service", "only what this service leads to");

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Pair(
            "service",
            "services",
            "Services, what they lead to and what they carry.",
            ApiJson.Default.ServiceDocument,
            ApiJson.Default.ListDocumentServiceDocument,
            view => view.Services,
            service => service.Service.Name,
            service => service.Service.Labels,
            (view, service) => view.Show(service)
        ),
        .. Pair(
            "upstream",
            "upstreams",
            "Upstreams and how their members are.",
            ApiJson.Default.UpstreamDocument,
            ApiJson.Default.ListDocumentUpstreamDocument,
            view => view.Upstreams,
            upstream => upstream.Name,
            upstream => upstream.Labels,
            (view, upstream) => view.Show(upstream)
        ),
        new("list-backends", HttpMethods.Get, "/backends", "Members of upstreams, their health and their duty.")
        {
            Parameters = [Select, Upstream, Service, .. Paging.Parameters],
            Answers = [new(StatusCodes.Status200OK, "By name.", ApiJson.Default.ListDocumentBackendDocument)],
            Handler = ListBackendsAsync,
        },
        new("get-backend", HttpMethods.Get, "/backends/{upstream}/{backend}", "One member of an upstream.")
        {
            Parameters =
            [
                Parameter.InPath("upstream", "its upstream"),
                Parameter.InPath("backend", "its name, or its address and port"),
            ],
            Answers = [new(StatusCodes.Status200OK, "As it is now.", ApiJson.Default.BackendDocument)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = GetBackendAsync,
        },
        .. Pair(
            "vip",
            "vips",
            "Addresses that are raised, and why or why not.",
            ApiJson.Default.VipDocument,
            ApiJson.Default.ListDocumentVipDocument,
            view => view.Vips,
            vip => vip.Vip.Name,
            vip => vip.Vip.Labels,
            (view, vip) => view.Show(vip)
        ),
        .. Pair(
            "announcement",
            "announcements",
            "What the network is told.",
            ApiJson.Default.AnnouncementDocument,
            ApiJson.Default.ListDocumentAnnouncementDocument,
            view => view.Announcements,
            announcement => announcement.Name,
            _ => Labels.Empty,
            (view, announcement) => view.Show(announcement)
        ),
        .. Pair(
            "peer",
            "peers",
            "The other ends of routing conversations.",
            ApiJson.Default.PeerDocument,
            ApiJson.Default.ListDocumentPeerDocument,
            view => view.Peers,
            peer => peer.Name,
            peer => peer.Labels,
            (view, peer) => view.Show(peer)
        ),
        new("list-sources", HttpMethods.Get, "/sources", "Where objects come from, and what of it is in quarantine.")
        {
            IsWhole = true,
            Parameters = Paging.Parameters,
            Answers = [new(StatusCodes.Status200OK, "By name.", ApiJson.Default.ListDocumentSourceDocument)],
            Handler = ListSourcesAsync,
        },
        new("list-planes", HttpMethods.Get, "/planes", "What carries services, and what of it this machine lacks.")
        {
            IsWhole = true,
            Parameters = Paging.Parameters,
            Answers = [new(StatusCodes.Status200OK, "By name.", ApiJson.Default.ListDocumentPlaneDocument)],
            Handler = ListPlanesAsync,
        },
    ];

    private static Operation[] Pair<T, TDocument>(
        string one,
        string many,
        string summary,
        JsonTypeInfo<TDocument> document,
        JsonTypeInfo<ListDocument<TDocument>> list,
        Func<ObjectView, IEnumerable<T>> all,
        Func<T, string> name,
        Func<T, Labels> labels,
        Func<ObjectView, T, TDocument> show
    ) =>
        [
            new($"list-{many}", HttpMethods.Get, $"/{many}", summary)
            {
                Parameters = [Select, .. Paging.Parameters],
                Answers = [new(StatusCodes.Status200OK, "By name.", list)],
                Handler = async (context, node) =>
                {
                    if (await SelectorAsync(context) is { } selector)
                    {
                        var (view, scope) = (new ObjectView(node.Engine), context.Scope(node));
                        var found = all(view)
                            .Where(item => selector.Matches(labels(item)) && scope.Covers(many, name(item)));
                        await context.OkAsync(context.Page(found, name, item => show(view, item)), list);
                    }
                },
            },
            new($"get-{one}", HttpMethods.Get, $"/{many}/{{name}}", $"One of the {many}.")
            {
                Parameters = [Parameter.InPath("name", "which")],
                Answers = [new(StatusCodes.Status200OK, "As it is now.", document)],
                Refusals = [StatusCodes.Status404NotFound],
                Handler = (context, node) =>
                {
                    var (view, scope) = (new ObjectView(node.Engine), context.Scope(node));
                    var wanted = context.PathPart("name");
                    if (!scope.Covers(many, wanted))
                    {
                        return context.RefuseOutsideAsync($"{one} '{wanted}'");
                    }

                    foreach (var item in all(view))
                    {
                        if (name(item) == wanted)
                        {
                            return context.OkAsync(show(view, item), document);
                        }
                    }

                    return context.RefuseUnknownAsync(one, wanted, all(view).Select(name));
                },
            },
        ];

    private static async Task ListBackendsAsync(HttpContext context, NodeContext node)
    {
        if (await SelectorAsync(context) is not { } selector)
        {
            return;
        }

        var (view, scope) = (new ObjectView(node.Engine), context.Scope(node));
        var service = context.Text(Service.Name);
        var found = view.Members(context.Text(Upstream.Name))
            .Where(member => service is null || view.LeadsTo(service, member.Upstream.Name))
            .Where(member => selector.Matches(member.Configured?.Labels ?? Labels.Empty))
            .Where(member => scope.Covers("backend", member.Name));
        await context.OkAsync(
            context.Page(found, member => member.Name, view.Show),
            ApiJson.Default.ListDocumentBackendDocument
        );
    }

    private static Task GetBackendAsync(HttpContext context, NodeContext node)
    {
        var view = new ObjectView(node.Engine);
        var (upstream, id) = (context.PathPart("upstream"), context.PathPart("backend"));
        if (!context.Scope(node).Covers("backend", $"{upstream}/{id}"))
        {
            return context.RefuseOutsideAsync($"backend '{upstream}/{id}'");
        }

        var members = view.Members(upstream).ToList();
        return members.Find(member => member.Id == id) is { } found
            ? context.OkAsync(view.Show(found), ApiJson.Default.BackendDocument)
            : context.RefuseUnknownAsync(
                "backend",
                $"{upstream}/{id}",
                (members.Count > 0 ? members : view.Members(null)).Select(member => member.Name)
            );
    }

    private static Task ListPlanesAsync(HttpContext context, NodeContext node)
    {
        var view = new ObjectView(node.Engine);
        return context.OkAsync(
            context.Page(view.Planes, ObjectView.NameOf, view.Show),
            ApiJson.Default.ListDocumentPlaneDocument
        );
    }

    private static Task ListSourcesAsync(HttpContext context, NodeContext node)
    {
        var view = new ObjectView(node.Engine);
        return context.OkAsync(
            context.Page(node.Engine.Book.Sources, source => source.ToString(), view.Show),
            ApiJson.Default.ListDocumentSourceDocument
        );
    }

    private static async Task<Selector?> SelectorAsync(HttpContext context)
    {
        if (context.Text(Select.Name) is not { } text)
        {
            return Selector.Everything;
        }

        if (SelectorText.TryParse(text, out var selector))
        {
            return selector;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"select '{Answers.Shown(text)}' is not {SelectorText.Expected}"
        );
        return null;
    }
}

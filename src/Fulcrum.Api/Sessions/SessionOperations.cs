using System.Net;
using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Access;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Sessions;

/// <summary>
/// Sessions of the plane in user space: who is there, and an end to one. A session belongs to its service; to whoever
/// may see that one but not the session's backend, the backend is not named.
/// </summary>
internal static class SessionOperations
{
    private const string Path = "/sessions";
    private const string OnePath = Path + "/{id}";

    private static readonly Parameter Service = new("service", "only sessions of this service") { Example = "web" };

    private static readonly Parameter Upstream = new("upstream", "only those to this upstream");

    private static readonly Parameter Backend = new("backend", "only those to this backend, as UPSTREAM/NAME");

    private static readonly Parameter Client = new("client", "only those of this address or network")
    {
        Example = "192.0.2.0/24",
    };

    private static readonly Parameter Id = Parameter.InPath("id", "which, as the list calls it");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("list-sessions", HttpMethods.Get, Path, "Sessions that the user-space plane carries now.")
        {
            Parameters = [Service, Upstream, Backend, Client, .. Paging.Parameters],
            Answers = [new(StatusCodes.Status200OK, "In the order of the loops.", ApiJson.Default.SessionsDocument)],
            Handler = ListAsync,
        },
        new("get-session", HttpMethods.Get, OnePath, "One of the sessions.")
        {
            Parameters = [Id],
            Answers = [new(StatusCodes.Status200OK, "As it is now.", ApiJson.Default.SessionDocument)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = GetAsync,
        },
        new("end-session", HttpMethods.Delete, OnePath, "Ends a session at once.")
        {
            Role = AccessRole.Operator,
            Parameters = [Id],
            Answers = [new(StatusCodes.Status204NoContent, "It has ended.")],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = EndAsync,
        },
    ];

    private static async Task ListAsync(HttpContext context, NodeContext node)
    {
        var scope = context.Scope(node);
        if (!await MayAskAsync(context, scope) || await QueryAsync(context) is not { } query)
        {
            return;
        }

        if (!scope.CoversAll)
        {
            query = query with
            {
                Services = node
                    .Engine.State.Inputs.Snapshot.Services.Select(service => service.Name)
                    .Where(name => scope.Covers("service", name))
                    .ToHashSet(StringComparer.Ordinal),
            };
        }

        var page = await node.Sessions.ReadAsync(query, context.RequestAborted);
        var view = new BackendView(scope);
        await context.OkAsync(
            new()
            {
                Items = [.. page.Sessions.Select(view.Show)],
                Next = page.Next?.ToString(),
                More = page.More,
                Cut = page.IsCut,
            },
            ApiJson.Default.SessionsDocument
        );
    }

    private static async Task GetAsync(HttpContext context, NodeContext node)
    {
        var scope = context.Scope(node);
        if (await FindAsync(context, node, scope) is { } session)
        {
            await context.OkAsync(new BackendView(scope).Show(session), ApiJson.Default.SessionDocument);
        }
    }

    private static async Task EndAsync(HttpContext context, NodeContext node)
    {
        var scope = context.Scope(node);
        if (await FindAsync(context, node, scope) is not { } session)
        {
            return;
        }

        context.Audit(
            $"{session.Protocol} {session.Client} to {session.Service} ({session.Upstream}/{session.Backend})",
            "ended"
        );
        if (await node.Sessions.EndAsync(session.Id, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await RefuseGoneAsync(context, scope);
    }

    // Null after a refusal.
    private static async Task<SessionReport?> FindAsync(HttpContext context, NodeContext node, Scope scope)
    {
        if (
            SessionId.TryParse(context.PathPart(Id.Name), out var id)
            && await node.Sessions.FindAsync(id, context.RequestAborted) is { } session
            && scope.Covers("service", session.Service)
        )
        {
            return session;
        }

        await RefuseGoneAsync(context, scope);
        return null;
    }

    // Whoever may not see all learns nothing about what they may not see.
    private static Task RefuseGoneAsync(HttpContext context, Scope scope)
    {
        var id = context.PathPart(Id.Name);
        return scope.CoversAll
            ? context.RefuseAsync(
                StatusCodes.Status404NotFound,
                $"there is no session '{Answers.Shown(id)}'; it has ended, or never was"
            )
            : context.RefuseOutsideAsync($"session '{id}'");
    }

    private static async Task<bool> MayAskAsync(HttpContext context, Scope scope)
    {
        foreach (var parameter in new[] { Service, Upstream, Backend })
        {
            if (context.Text(parameter.Name) is { } name && !scope.Covers(parameter.Name, name))
            {
                await context.RefuseOutsideAsync($"{parameter.Name} '{name}'");
                return false;
            }
        }

        return true;
    }

    private static async Task<SessionQuery?> QueryAsync(HttpContext context)
    {
        IPNetwork? client = null;
        if (context.Text(Client.Name) is { } text)
        {
            client = NetworkOf(text);
            if (client is null)
            {
                await context.RefuseAsync(
                    StatusCodes.Status400BadRequest,
                    $"client '{Answers.Shown(text)}' is not an address or a network such as {Client.Example}"
                );
                return null;
            }
        }

        SessionId? after = null;
        if (context.Text("after") is { } place)
        {
            if (!SessionId.TryParse(place, out var id))
            {
                await context.RefuseAsync(
                    StatusCodes.Status400BadRequest,
                    $"after '{Answers.Shown(place)}' is not the id of a session, or 'next' of the page before"
                );
                return null;
            }

            after = id;
        }

        return new()
        {
            Service = context.Text(Service.Name),
            Upstream = context.Text(Upstream.Name),
            Backend = context.Text(Backend.Name),
            Client = client,
            After = after,
            Limit = context.Limit(),
        };
    }

    private static IPNetwork? NetworkOf(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;

    /// <summary>Names backends to whom may see them. There are fewer backends than sessions: each is asked for once.</summary>
    private sealed class BackendView(Scope scope)
    {
        private readonly Dictionary<(string?, string?), bool> _covered = [];

        public SessionDocument Show(SessionReport session)
        {
            var key = (session.Upstream, session.Backend);
            if (!_covered.TryGetValue(key, out var isCovered))
            {
                _covered[key] = isCovered = scope.Covers("backend", $"{session.Upstream}/{session.Backend}");
            }

            return SessionDocument.Of(session, isCovered);
        }
    }
}

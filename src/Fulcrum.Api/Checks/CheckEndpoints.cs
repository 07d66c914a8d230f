using System.Globalization;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fulcrum.Api.Checks;

/// <summary>
/// <c>GET /api/v1/checks?check=&amp;verdict=&amp;limit=</c>, and <c>GET /api/v1/checks/transitions?after=</c>.
/// </summary>
internal static class CheckEndpoints
{
    public static void Map(IEndpointRouteBuilder api, NodeContext node)
    {
        api.MapGet("/api/v1/checks", context => ChecksAsync(context, node));
        api.MapGet("/api/v1/checks/transitions", context => TransitionsAsync(context, node));
    }

    private static async Task ChecksAsync(HttpContext context, NodeContext node)
    {
        if (!CheckQuery.TryRead(context, out var query, out var why))
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, why);
            return;
        }

        var state = node.Engine.State;
        var named = Wanted(state, query.Name);
        if (named.Count == 0 && query.Name is { } name)
        {
            await context.RefuseAsync(StatusCodes.Status404NotFound, WhyNone(state, name));
            return;
        }

        // The loop that is asked looks each task up, and nothing else; names are laid over its answer here.
        var reports = await node.Checks.ReadAsync(named.ContainsKey, context.RequestAborted);
        var found = reports
            .Where(report => query.Verdict is null || report.Health.Verdict == query.Verdict)
            .Select(report => (Report: report, Names: named[report.Task]))
            .OrderBy(one => one.Names[0], StringComparer.Ordinal)
            .ToList();
        await context.OkAsync(
            new ChecksDocument
            {
                Checks = [.. found.Take(query.Limit).Select(one => CheckDocument.Of(one.Report, one.Names))],
                More = Math.Max(0, found.Count - query.Limit),
            },
            ApiJson.Default.ChecksDocument
        );
    }

    private static async Task TransitionsAsync(HttpContext context, NodeContext node)
    {
        var after = 0L;
        if (
            !context.TryQuery("after", out var text)
            || (text is not null && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        )
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, $"after '{text}' is no number of a transition");
            return;
        }

        var kept = node.Checks.TransitionsAfter(0);
        var newest = kept.Count == 0 ? 0 : kept[^1].Sequence;
        var names = CheckNames.Of(node.Engine.State);
        var later = kept.Where(transition => transition.Sequence > after).ToList();
        await context.OkAsync(
            new TransitionsDocument
            {
                Transitions = [.. later.Select(one => TransitionDocument.Of(one, names[one.Task]))],
                Missed = later.Count == 0 ? 0 : later[0].Sequence - after - 1,
                Newest = newest,
            },
            ApiJson.Default.TransitionsDocument
        );
    }

    // A probe that is asked for by one of its names is told with all of them, those first.
    private static Dictionary<ProbeTask, IReadOnlyList<string>> Wanted(DerivedState state, string? name)
    {
        var all = CheckNames.Of(state);
        if (name is null)
        {
            return all.ToDictionary(names => names.Key, names => (IReadOnlyList<string>)[.. names]);
        }

        // A check "http" is not meant with "http/8080" where both are there.
        var isOne = all.Any(names => names.Contains(name, StringComparer.Ordinal));
        return all.Select(names => (Task: names.Key, Names: names.ToLookup(IsMeant)))
            .Where(one => one.Names.Contains(true))
            .ToDictionary(one => one.Task, one => (IReadOnlyList<string>)[.. one.Names[true], .. one.Names[false]]);

        bool IsMeant(string one) => isOne ? one == name : CheckNames.IsUnder(one, name);
    }

    private static string WhyNone(DerivedState state, string name)
    {
        if (CheckNames.Exists(state, name))
        {
            return $"check/{name} is not asked; 'fulcrum explain check/{name}' says why";
        }

        var near = Explainer.Suggest(state, new(SubjectKind.Check, name)) is { Kind: SubjectKind.Check } other
            ? $"; did you mean '{other.Name}'?"
            : "";
        return $"there is no check '{name}'{near}";
    }
}

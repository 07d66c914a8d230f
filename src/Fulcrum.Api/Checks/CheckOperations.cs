using Fulcrum.Api.Access;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Checks;

/// <summary>The probes, and how their verdicts changed.</summary>
internal static class CheckOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("list-checks", HttpMethods.Get, "/checks", "Probes, what they found and what they do now.")
        {
            Parameters =
            [
                new("check", "a check, or the backend or upstream of several") { Example = "web" },
                new("verdict", "only those with this verdict") { Words = ["healthy", "unhealthy", "unknown"] },
                .. Paging.Parameters,
            ],
            Answers =
            [
                new(StatusCodes.Status200OK, "By their first names.", ApiJson.Default.ListDocumentCheckDocument),
            ],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = ListAsync,
        },
        new("list-check-transitions", HttpMethods.Get, "/checks/transitions", "How verdicts changed, the oldest first.")
        {
            Parameters = [new("after", "only changes after that of this number") { Least = 0 }],
            Answers = [new(StatusCodes.Status200OK, "Those that are kept.", ApiJson.Default.TransitionsDocument)],
            Handler = TransitionsAsync,
        },
    ];

    private static async Task ListAsync(HttpContext context, NodeContext node)
    {
        var state = node.Engine.State;
        var name = context.Text("check");
        var scope = context.Scope(node);
        if (name is not null && !CoversAny(scope, name))
        {
            await context.RefuseOutsideAsync($"check '{name}'");
            return;
        }

        var named = Wanted(state, name, scope);
        if (named.Count == 0 && name is not null)
        {
            await context.RefuseAsync(StatusCodes.Status404NotFound, WhyNone(state, name));
            return;
        }

        // The loop that is asked looks each task up, and nothing else; names are laid over its answer here.
        var reports = await node.Checks.ReadAsync(named.ContainsKey, context.RequestAborted);
        var verdict = context.Text("verdict");
        var page = context.Page(
            reports.Where(report => verdict is null || CheckWords.Of(report.Health.Verdict) == verdict),
            report => named[report.Task][0],
            report => CheckDocument.Of(report, named[report.Task])
        );
        await context.OkAsync(page, ApiJson.Default.ListDocumentCheckDocument);
    }

    private static Task TransitionsAsync(HttpContext context, NodeContext node)
    {
        var after = context.Number("after") ?? 0;
        var kept = node.Checks.TransitionsAfter(0);
        var newest = kept.Count == 0 ? 0 : kept[^1].Sequence;
        var scope = context.Scope(node);
        var names = CheckNames.Of(node.Engine.State);
        var later = kept.Where(transition => transition.Sequence > after).ToList();
        // What has no name any more belongs to no label either.
        var told =
            from one in later
            let known = names[one.Task].Where(name => scope.Covers("check", name)).ToList()
            where scope.CoversAll || known.Count > 0
            select TransitionDocument.Of(one, known);
        return context.OkAsync(
            new TransitionsDocument
            {
                Transitions = [.. told],
                Missed = later.Count == 0 ? 0 : later[0].Sequence - after - 1,
                Newest = newest,
            },
            ApiJson.Default.TransitionsDocument
        );
    }

    // A probe that is asked for by one of its names is told with all of them, those first.
    private static Dictionary<ProbeTask, IReadOnlyList<string>> Wanted(DerivedState state, string? name, Scope scope)
    {
        var all = (
            from names in CheckNames.Of(state)
            from one in names
            where scope.Covers("check", one)
            select (Task: names.Key, Name: one)
        ).ToLookup(named => named.Task, named => named.Name);
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

    // A check, or the backend or upstream of several.
    private static bool CoversAny(Scope scope, string name) =>
        scope.Covers("check", name) || scope.Covers("backend", name) || scope.Covers("upstream", name);

    private static string WhyNone(DerivedState state, string name)
    {
        if (CheckNames.Exists(state, name))
        {
            return $"check/{name} is not asked; 'fulcrum explain check/{name}' says why";
        }

        var near = Explainer.Suggest(state, new(SubjectKind.Check, name)) is { Kind: SubjectKind.Check } other
            ? $"; did you mean '{other.Name}'?"
            : "";
        return $"there is no check '{Answers.Shown(name)}'{near}";
    }
}

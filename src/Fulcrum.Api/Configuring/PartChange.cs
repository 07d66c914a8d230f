using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Api.Changes;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// Carries out what a request wants of the API's own objects: all of it or nothing, planned only where it says so, and
/// not at all when it is so already, so that who asks twice changes once.
/// </summary>
internal static class PartChange
{
    /// <summary>What goes with any such request.</summary>
    public static readonly Parameter[] Parameters =
    [
        .. ChangeOperations.Order,
        Parameter.Flag("dry-run", "only say what would change"),
    ];

    public static readonly Answer[] Answers =
    [
        new(StatusCodes.Status200OK, "It is so, and durable.", ApiJson.Default.ApplyDocument),
        new(StatusCodes.Status200OK, "With dry-run: what would change.", ApiJson.Default.PlanDocument),
    ];

    public static readonly int[] Refusals =
    [
        StatusCodes.Status404NotFound,
        StatusCodes.Status409Conflict,
        StatusCodes.Status412PreconditionFailed,
        StatusCodes.Status422UnprocessableEntity,
    ];

    private const string NothingChanged = "nothing was changed";

    /// <summary>
    /// How often a change is made anew on what somebody else has made of its objects: each time somebody got on, so
    /// that this is how many may change one object at the same time.
    /// </summary>
    private const int Attempts = 256;

    /// <summary>What to do, decided on this state of things; null: it was refused.</summary>
    public delegate Task<IReadOnlyList<ObjectChange>?> Decision(SourceBook book);

    public static async Task RunAsync(HttpContext context, NodeContext node, Decision decide)
    {
        if (await ChangeOperations.OrderAsync(context) is not { } order)
        {
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            var book = node.Engine.Book;
            if (
                await decide(book) is not { } wanted
                || !await MayAsync(context, node, book, wanted)
                || !await CanRunAsync(context, node, book, wanted)
            )
            {
                return;
            }

            var content = book.ContentOf(Source.Api);
            var changes = wanted.Where(change => IsNew(content, change)).ToList();
            if (context.Flag("dry-run"))
            {
                await PlanAsync(context, node, changes);
                return;
            }

            context.Audit(WordsOf(book.Snapshot, changes), string.Join(", ", changes.Select(WordOf)));
            var isNew = changes.Exists(change => change.Object is not null && ObjectOf(book.Snapshot, change) is null);
            var result =
                changes.Count == 0
                    ? new(node.Engine.State.Generation, [])
                    : await node.Engine.ChangeObjectsAsync(changes, order);
            if (result.IsOutrun && attempt < Attempts && context.Request.Headers.IfMatch.Count == 0)
            {
                continue;
            }

            await AnswerAsync(context, result, isNew);
            return;
        }
    }

    private static async Task PlanAsync(HttpContext context, NodeContext node, List<ObjectChange> changes)
    {
        var (plan, problems) = node.Engine.Plan(changes);
        await (
            plan is null
                ? context.RefuseAsync(StatusCodes.Status409Conflict, "it would be refused", problems)
                : context.ShowAsync(plan.ToText(), () => PlanDocument.Of(plan), ApiJson.Default.PlanDocument)
        );
    }

    private static Task AnswerAsync(HttpContext context, ApplyResult result, bool isNew)
    {
        if (result.Generation is not { } generation)
        {
            return context.RefuseAsync(
                result.IsOutrun ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status409Conflict,
                NothingChanged,
                result.Problems
            );
        }

        context.Response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return context.OkAsync(
            new ApplyDocument
            {
                Generation = generation,
                ConfirmBy = result.ConfirmBy,
                Notes = ChangeOperations.NotesOn(result),
            },
            ApiJson.Default.ApplyDocument
        );
    }

    private static string WordOf(ObjectChange change) =>
        $"{(change.Object is null ? "remove" : "put")} {change.Key.Kind}/{change.Key.Name}";

    private static string WordsOf(Snapshot before, List<ObjectChange> changes) =>
        changes.Count == 0 ? "nothing to change"
        : string.Join(
            ", ",
            changes
                .Where(change => ObjectOf(before, change) is not null)
                .Select(change => $"{change.Key.Kind}/{change.Key.Name}")
        )
            is { Length: > 0 } there
            ? there
        : "not there";

    // Removing what the API does not have is for the book to refuse: it knows whose it is.
    private static bool IsNew(Snapshot content, ObjectChange change) =>
        change.Object is null || !change.Object.Equals(ObjectOf(content, change));

    private static INamed? ObjectOf(Snapshot content, ObjectChange change) =>
        SnapshotSection.Find(change.Key.Kind)!.Find(content, change.Key.Name);

    // Neither what is there nor what it becomes may be outside what is theirs.
    private static async Task<bool> MayAsync(
        HttpContext context,
        NodeContext node,
        SourceBook book,
        IReadOnlyList<ObjectChange> changes
    )
    {
        var (caller, state) = (context.Caller(), node.Engine.State);
        if (caller.CoversAll)
        {
            return true;
        }

        var after = changes
            .Select(change => change.Object)
            .OfType<INamed>()
            .Aggregate(book.Snapshot, (snapshot, item) => SnapshotSection.KindOf(item).With(snapshot, item));
        var (before, then) = (
            new Scope(caller, state),
            new Scope(caller, state with { Inputs = state.Inputs with { Snapshot = after } })
        );
        var outside = changes.FirstOrDefault(change =>
            (ObjectOf(book.Snapshot, change) is not null && !before.Covers(change.Key.Kind, change.Key.Name))
            || (change.Object is not null && !then.Covers(change.Key.Kind, change.Key.Name))
        );
        if (outside is not null)
        {
            await context.RefuseOutsideAsync($"{outside.Key.Kind}/{outside.Key.Name}");
            return false;
        }

        // Whoever leads to an upstream has a say in it: that must not be how one gets it.
        var foreign = changes
            .Select(change => change.Object)
            .OfType<Service>()
            .SelectMany(then.UpstreamsOf)
            .FirstOrDefault(name =>
                book.Snapshot.Upstreams.Find(name) is not null && !before.Covers("upstreams", name)
            );
        if (foreign is not null)
        {
            await context.RefuseOutsideAsync($"upstreams/{foreign}");
            return false;
        }

        return await DaresAsync(context, book, changes);
    }

    // Programs that the node runs and files that it reads or writes are the whole node's, whoever's object they are in.
    private static async Task<bool> DaresAsync(
        HttpContext context,
        SourceBook book,
        IReadOnlyList<ObjectChange> changes
    )
    {
        foreach (var change in changes.Where(change => change.Object is not null))
        {
            var section = SnapshotSection.Find(change.Key.Kind)!;
            var was = ObjectOf(book.Snapshot, change) is { } there
                ? Reach.Of(ConfigurationPart.Show(section, there))
                : [];
            var dared = Reach.Of(ConfigurationPart.Show(section, change.Object!)).Except(was).FirstOrDefault();
            if (dared is not null)
            {
                await context.RefuseAsync(
                    StatusCodes.Status403Forbidden,
                    $"'{dared.Key}' in {change.Key.Kind}/{change.Key.Name} makes the node run a program or use a file; {context.Caller().Name}, who may change only a part of the objects, may not ask for that"
                );
                return false;
            }
        }

        return true;
    }

    private static async Task<bool> CanRunAsync(
        HttpContext context,
        NodeContext node,
        SourceBook book,
        IReadOnlyList<ObjectChange> changes
    )
    {
        var wanted = changes
            .Select(change => change.Object)
            .OfType<INamed>()
            .Aggregate(Snapshot.Empty, (snapshot, item) => SnapshotSection.KindOf(item).With(snapshot, item));
        var missing = Capabilities.Missing(wanted with { Defaults = book.Snapshot.Defaults });
        if (missing.Count == 0)
        {
            return true;
        }

        await context.RefuseAsync(
            StatusCodes.Status422UnprocessableEntity,
            "this node cannot run it",
            missing.Select(finding => finding.ToProblem(null))
        );
        return false;
    }
}

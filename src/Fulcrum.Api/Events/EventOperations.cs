using Fulcrum.Api.Access;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Events;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Events;

/// <summary>What changes, as it changes.</summary>
internal static class EventOperations
{
    private const string Resume = "Last-Event-ID";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("follow-events", HttpMethods.Get, "/events", "What changes, as it changes, as server-sent events.")
        {
            Parameters =
            [
                new("types", "only events of these types, with commas between") { Example = "backend,service" },
                new("subject", "only events whose subject begins so") { Example = "backend/web/" },
                new("after", "begin after this one, as Last-Event-ID does; 0: with the oldest that is kept"),
            ],
            Answers = [new(StatusCodes.Status200OK, "Events until one side has enough.", null, "text/event-stream")],
            Refusals = [StatusCodes.Status503ServiceUnavailable],
            IsEndless = true,
            Handler = FollowAsync,
        },
    ];

    private static async Task FollowAsync(HttpContext context, NodeContext node)
    {
        // A browser or a library that comes back knows best where it was.
        var text = context.Request.Headers[Resume] is [{ Length: > 0 } last] ? last : context.Text("after");
        EventPlace? from = null;
        if (text is not null && text != "0")
        {
            if (!EventPlace.TryParse(text, out var place))
            {
                await context.RefuseAsync(
                    StatusCodes.Status400BadRequest,
                    $"'{Answers.Shown(text)}' is not the id of an event, which is two numbers with '-' between"
                );
                return;
            }

            from = place;
        }
        else if (text is not null)
        {
            from = default(EventPlace);
        }

        if (await TypesAsync(context) is { } types)
        {
            var subject = context.Text("subject") ?? "";
            var scope = new LiveScope(context, node);
            await node.EventStreams.FollowAsync(
                context,
                from,
                one =>
                    types.Contains(one.Kind)
                    && one.Subject.ToString().StartsWith(subject, StringComparison.Ordinal)
                    && scope.Covers(one.Subject)
            );
        }
    }

    private static async Task<HashSet<EventKind>?> TypesAsync(HttpContext context)
    {
        if (context.Text("types") is not { } text)
        {
            return [.. Enum.GetValues<EventKind>()];
        }

        var types = new HashSet<EventKind>();
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var known = Enum.GetValues<EventKind>().Where(kind => EventDocument.TypeOf(kind) == word).ToList();
            if (known.Count == 0)
            {
                await context.RefuseAsync(
                    StatusCodes.Status400BadRequest,
                    $"there is no type '{Answers.Shown(word)}'; types are {string.Join(", ", Enum.GetValues<EventKind>().Select(EventDocument.TypeOf))}"
                );
                return null;
            }

            types.Add(known[0]);
        }

        return types;
    }

    /// <summary>What the caller may see, as things are when it happens: a stream outlives many configurations.</summary>
    private sealed class LiveScope(HttpContext context, NodeContext node)
    {
        private readonly Caller _caller = context.Caller();
        private DerivedState? _state;
        private Scope? _scope;

        public bool Covers(Subject subject)
        {
            if (_caller.CoversAll)
            {
                return true;
            }

            var state = node.Engine.State;
            if (_scope is null || !ReferenceEquals(state, _state))
            {
                (_state, _scope) = (state, new(_caller, state));
            }

            return _scope.Covers(subject);
        }
    }
}

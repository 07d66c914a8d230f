using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Events;
using Fulcrum.Model.Hooks;

namespace Fulcrum.Configuration.Language;

internal static class HookShape
{
    private static readonly Shape<WebHook> Web = new ObjectShape<WebHook>(
        "web-hook",
        "A server that gets a POST for each telling.",
        new WebHook(null!, null)
    )
        .Required(
            "url",
            Urls.Of("http", "https"),
            hook => hook.Url,
            (hook, value) => hook with { Url = value },
            "Where."
        )
        .Field(
            "token",
            SecretShape.Shape,
            hook => hook.Token,
            (hook, value) => hook with { Token = value },
            "Sent as Authorization: Bearer."
        )
        .Or(Urls.Of("http", "https"), url => new WebHook(url, null), hook => hook.Url);

    public static Shape<Hook> Shape { get; } =
        new ObjectShape<Hook>(
            "hook",
            "Somebody outside who is told of what changes on a node.",
            new Hook { Name = "", Target = null! }
        )
            .Field(
                "on",
                Words.Of<EventKind>().List(),
                hook => hook.On,
                (hook, value) => hook with { On = value },
                "What it is told of; left out: everything."
            )
            .Field(
                "only-bad",
                Scalars.Boolean,
                hook => hook.OnlyBad,
                (hook, value) => hook with { OnlyBad = value },
                "Only what somebody should look at: deaths, failures."
            )
            .Field(
                "subjects",
                Patterns.Text.List(),
                hook => hook.Subjects,
                (hook, value) => hook with { Subjects = value },
                "Only events about these: backend/web/*; left out: all."
            )
            .Case(
                "run",
                Scalars.Text.Some().To(command => new ProgramHook(command), hook => hook.Command),
                hook => hook.Target as ProgramHook,
                (hook, target) => hook with { Target = target },
                "A program and its arguments, without a shell; it reads what happened as JSON from its standard input."
            )
            .Case(
                "post",
                Web,
                hook => hook.Target as WebHook,
                (hook, target) => hook with { Target = target },
                "A server that gets what happened as JSON; a URL alone is short for { url: ... }."
            )
            .Field(
                "timeout",
                Quantities.DurationFrom(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
                hook => hook.Timeout,
                (hook, value) => hook with { Timeout = value },
                "For one attempt."
            )
            .Field(
                "attempts",
                Scalars.Integer(1, 100),
                hook => hook.Attempts,
                (hook, value) => hook with { Attempts = value },
                "How often it is tried, with growing pauses, until what was to be told is given up."
            );
}

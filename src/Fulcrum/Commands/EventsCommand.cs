using System.CommandLine;
using Fulcrum.Following;
using Fulcrum.Hosting;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary><c>fulcrum events</c>: what changes, as it changes.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var types = new Option<string?>("--types")
        {
            Description =
                "Only events of these types, with commas between: configuration, service, backend, check, vip, override, trouble.",
            HelpName = "TYPES",
        };
        var subject = new Option<string?>("--subject")
        {
            Description = "Only events whose subject begins so: backend/web/.",
            HelpName = "KIND/NAME",
        };
        var since = new Option<string?>("--since")
        {
            Description = "Begin after the event of this id, or with all that the node keeps. Default: what is new.",
            HelpName = "ID|all",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "text, or json: each event on a line.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "json");
        var state = CommonOptions.State();
        var command = new Command("events", "Tell what changes, as it changes.")
        {
            types,
            subject,
            since,
            output,
            state,
        };
        command.SetAction(
            async (result, cancellation) =>
            {
                var around = Surroundings.Of(result);
                var query = new EventQuery(result.GetValue(types), result.GetValue(subject), result.GetValue(since));
                var isJson = result.GetValue(output) == "json";
                var followed = await NodeQuestion.AskAsync<object>(
                    StateDirectory.Choose(result.GetValue(state)),
                    around,
                    async client =>
                    {
                        await new EventFollower(client, query, isJson, around).RunAsync(cancellation);
                        return query;
                    }
                );
                return followed is null ? CommandLine.NotSo : CommandLine.Fine;
            }
        );
        return command;
    }
}

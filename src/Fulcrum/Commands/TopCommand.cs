using System.CommandLine;
using Fulcrum.Hosting;
using Fulcrum.Output;
using Fulcrum.Top;

namespace Fulcrum.Commands;

internal static class TopCommand
{
    public static Command Create()
    {
        var kind = new Argument<string>("KIND")
        {
            Description = "services or backends.",
            DefaultValueFactory = _ => "services",
        };
        kind.AcceptOnlyFromAmong("services", "backends");
        var once = new Option<bool>("--once") { Description = "One screen, after two samples, and no more." };
        var every = CommonOptions.Every();
        var state = CommonOptions.State();
        var output = new Option<string>("--output", "-o")
        {
            Description = "table, or json: each sample on a line.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "table",
        };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("top", "Watch connections and bytes a second, the busiest first.")
        {
            kind,
            once,
            every,
            output,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.GetValue(kind) == "backends",
                    result.GetValue(output) == "json",
                    result.GetValue(once),
                    result.GetValue(every) ?? TimeSpan.FromSeconds(1),
                    Surroundings.Of(result),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StateDirectory state,
        bool isOfBackends,
        bool isJson,
        bool isOnce,
        TimeSpan every,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        if (!isOnce && !isJson && !around.IsTerminal)
        {
            await around.Error.WriteLineAsync(
                "'fulcrum top' draws on a terminal, and the output is none; say --once for one screen or -o json for lines."
            );
            return CommandLine.WrongUse;
        }

        var shown = await NodeQuestion.AskAsync(
            state,
            around,
            async client =>
            {
                var view = new TopView(client, isOfBackends, around);
                if (isOnce && !isJson)
                {
                    return await view.OnceAsync(every, cancellation);
                }

                await (isJson ? view.StreamAsync(every, isOnce, cancellation) : view.RunAsync(every, cancellation));
                return "";
            }
        );
        if (shown is { Length: > 0 })
        {
            await around.Output.WriteLineAsync(shown);
        }

        return shown is null ? CommandLine.NotSo : CommandLine.Fine;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Fulcrum.Demo;
using Fulcrum.Hosting;

namespace Fulcrum.Commands;

internal static class DemoCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port on 127.0.0.1 to serve on.",
            HelpName = "PORT",
            DefaultValueFactory = _ => 8080,
            CustomParser = ParsePort,
        };
        var state = CommonOptions.State();
        var command = new Command("demo", "Balance three small servers of its own, and stop and revive one of them.")
        {
            port,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
                Demonstration.RunAsync(
                    result.GetValue(port),
                    StateDirectory.Choose(result.GetValue(state)),
                    result.InvocationConfiguration,
                    cancellation
                )
        );
        return command;
    }

    private static int ParsePort(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 1 and <= 65535
        )
        {
            return port;
        }

        result.AddError($"--port: found '{text}'; expected a number from 1 to 65535");
        return 0;
    }
}

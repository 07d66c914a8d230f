using System.CommandLine;
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
            DefaultValueFactory = _ => 8080,
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
}

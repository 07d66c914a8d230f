using System.CommandLine;
using Fulcrum.Hosting;

namespace Fulcrum.Commands;

internal static class RunCommand
{
    public static Command Create()
    {
        var file = CommonOptions.File();
        var node = CommonOptions.Node();
        var state = CommonOptions.State();
        var command = new Command(
            "run",
            "Run in the foreground. SIGHUP reloads the file; SIGTERM and SIGINT drain, a second one stops at once."
        )
        {
            file,
            node,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
                Daemon.RunAsync(
                    new(result.GetValue(file)!, result.GetValue(node), StateDirectory.Choose(result.GetValue(state))),
                    result.InvocationConfiguration.Error,
                    cancellation
                )
        );
        return command;
    }
}

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
        var lastGood = new Option<bool>("--last-good")
        {
            Description = "When the file is broken, run the last copy of it that was in force.",
        };
        var (format, level) = (LogOptions.Format(), LogOptions.Level());
        var command = new Command(
            "run",
            "Run in the foreground. SIGHUP reloads the file; SIGUSR2 upgrades; SIGTERM and SIGINT drain, a second one stops at once."
        )
        {
            file,
            node,
            state,
            lastGood,
            format,
            level,
        };
        command.SetAction(
            (result, cancellation) =>
                Daemon.RunAsync(
                    new(
                        result.GetValue(file)!,
                        result.GetValue(node),
                        StateDirectory.Choose(result.GetValue(state)),
                        result.GetValue(lastGood)
                    )
                    {
                        LogFormat = LogOptions.FormatOf(result.GetValue(format)!),
                        LogLevel = LogOptions.LevelOf(result.GetValue(level)!),
                    },
                    result.InvocationConfiguration.Error,
                    cancellation
                )
        );
        return command;
    }
}

using System.CommandLine;
using Fulcrum.Completing;

namespace Fulcrum.Commands;

/// <summary>What shells need to complete words.</summary>
internal static class CompletionCommands
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMilliseconds(300);

    public static IEnumerable<Command> Create() => [Completion(), Complete()];

    private static Command Completion()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command(
            "completion",
            "Print a script that makes a shell complete commands, kinds and the names that the node knows."
        )
        {
            shell,
        };
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(
                result.GetValue(shell) switch
                {
                    "zsh" => Scripts.Zsh,
                    "fish" => Scripts.Fish,
                    _ => Scripts.Bash,
                }
            );
            return CommandLine.Fine;
        });
        return command;
    }

    private static Command Complete()
    {
        var words = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore };
        var within = CommonOptions.Duration("--within", "How long the node has to tell names. Default: 300ms.");
        var command = new Command("complete", "Print what could be typed next, for the scripts of 'completion'.")
        {
            words,
            within,
        };
        command.Hidden = true;
        command.SetAction(
            async (result, _) =>
            {
                var candidates = await new Completer(
                    CommandLine.Create(),
                    result.GetValue(within) ?? UsualPatience
                ).CompleteAsync(result.GetValue(words) ?? []);
                foreach (var candidate in candidates)
                {
                    await result.InvocationConfiguration.Output.WriteLineAsync(candidate.ToString());
                }

                return CommandLine.Fine;
            }
        );
        return command;
    }
}

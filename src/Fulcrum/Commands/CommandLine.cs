using System.CommandLine;
using System.CommandLine.Invocation;
using Fulcrum.Helping;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary>What can be typed. Exit codes: 0 fine, 1 the thing asked for is not so, 2 wrong use.</summary>
internal static class CommandLine
{
    public const int Fine = 0;
    public const int NotSo = 1;
    public const int WrongUse = 2;

    public static RootCommand Create()
    {
        var root = new RootCommand("Fulcrum receives traffic for addresses and hands it to healthy servers.")
        {
            RunCommand.Create(),
            ValidateCommand.Create(),
            StatusCommand.Create(),
            GetCommand.Create(),
            SchemaCommand.Create(),
            DemoCommand.Create(),
            TokenCommands.Create(),
            VersionCommand.Create(),
            TopCommand.Create(),
            DoctorCommand.Create(),
            DecapCommand.Create(),
            TapCommand.Create(),
            EventsCommand.Create(),
            ManualCommand.Create(),
            UpgradeCommand.Create(),
        };
        Command[] commands =
        [
            .. ConfigurationCommands.Create(),
            .. OverrideCommands.Create(),
            .. QuestionCommands.Create(),
            .. CompletionCommands.Create(),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }

        RemoteOptions.AddTo(root);
        root.Add(CommonOptions.Colour());
        HelpAction.Use(root);
        return root;
    }

    // Signals belong to the daemon, which drains; the parser's own handling would cut that short.
    public static Task<int> RunAsync(string[] arguments) =>
        RunAsync(arguments, new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });

    public static async Task<int> RunAsync(
        string[] arguments,
        Surroundings around,
        CancellationToken cancellation = default
    )
    {
        var parsed = Create().Parse(arguments);
        RemoteOptions.Take(parsed);
        try
        {
            if (parsed.Action is ParseErrorAction)
            {
                await around.Error.WriteAsync(Mistake.Of(parsed));
                return WrongUse;
            }

            return await parsed.InvokeAsync(around, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The output is closed, or the disk behind it is full.
            await around.Error.WriteLineAsync($"fulcrum: {error.Message}");
            return NotSo;
        }
    }
}

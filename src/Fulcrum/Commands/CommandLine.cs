using System.CommandLine;

namespace Fulcrum.Commands;

/// <summary>What can be typed. Exit codes: 0 fine, 1 the thing asked for is not so, 2 wrong use.</summary>
internal static class CommandLine
{
    public const int Fine = 0;
    public const int NotSo = 1;
    public const int WrongUse = 2;

    public static async Task<int> RunAsync(string[] arguments)
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
        };
        Command[] commands =
        [
            .. ConfigurationCommands.Create(),
            .. OverrideCommands.Create(),
            .. QuestionCommands.Create(),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }

        RemoteOptions.AddTo(root);
        var parsed = root.Parse(arguments);
        RemoteOptions.Take(parsed);
        try
        {
            // Signals belong to the daemon, which drains; the parser's own handling would cut that short.
            var exit = await parsed.InvokeAsync(
                new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }
            );
            return parsed.Errors.Count > 0 ? WrongUse : exit;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The output is closed, or the disk behind it is full.
            await Console.Error.WriteLineAsync($"fulcrum: {error.Message}");
            return NotSo;
        }
    }
}

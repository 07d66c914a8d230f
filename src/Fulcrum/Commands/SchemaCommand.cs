using System.CommandLine;
using Fulcrum.Configuration;

namespace Fulcrum.Commands;

internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON schema of the configuration, for editors.");
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(NativeLanguage.Schema());
            return CommandLine.Fine;
        });
        return command;
    }
}

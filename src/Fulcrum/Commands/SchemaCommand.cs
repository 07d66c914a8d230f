using System.CommandLine;
using Fulcrum.Configuration.Language;

namespace Fulcrum.Commands;

internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON schema of the configuration, for editors.");
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.WriteLine(LanguageSchema.Json);
            return CommandLine.Fine;
        });
        return command;
    }
}

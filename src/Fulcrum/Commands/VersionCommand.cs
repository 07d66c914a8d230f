using System.CommandLine;
using System.Reflection;

namespace Fulcrum.Commands;

internal static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "unknown";

    public static Command Create()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.WriteLine($"fulcrum {Version}");
            return CommandLine.Fine;
        });
        return command;
    }
}

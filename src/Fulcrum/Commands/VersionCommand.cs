using System.CommandLine;
using System.Reflection;

namespace Fulcrum.Commands;

internal static class VersionCommand
{
    private const int CommitDigits = 8;

    /// <summary><c>0.1.0+1a2b3c4d</c>: the version, and the commit it was built from where that is known.</summary>
    public static string Version { get; } =
        Shorten(
            typeof(VersionCommand)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion
                ?? "unknown"
        );

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

    private static string Shorten(string version)
    {
        var commit = version.IndexOf('+', StringComparison.Ordinal);
        return commit < 0 ? version : version[..Math.Min(version.Length, commit + 1 + CommitDigits)];
    }
}

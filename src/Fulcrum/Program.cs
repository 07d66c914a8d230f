using Fulcrum.Commands;

namespace Fulcrum;

/// <summary>The daemon and the command line in one binary.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => CommandLine.RunAsync(arguments);
}

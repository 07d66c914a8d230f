using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>The built program, run to its end.</summary>
internal static class FulcrumProgram
{
    public static string Assembly { get; } = Repository.BuiltAssembly("Fulcrum", "fulcrum");

    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments) =>
        Tool.Try("dotnet", "", [Assembly, .. arguments]);
}

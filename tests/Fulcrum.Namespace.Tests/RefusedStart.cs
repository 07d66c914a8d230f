using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Namespace.Tests;

/// <summary>A program that does not start.</summary>
internal static class RefusedStart
{
    /// <summary>What it says when it is run on the file.</summary>
    /// <param name="home">Where it is run.</param>
    /// <param name="configuration">The text of the file.</param>
    /// <param name="wrapper">What runs it: a program with arguments.</param>
    public static string Errors(NetworkNamespace home, string configuration, params string[] wrapper)
    {
        using var folder = new TemporaryDirectory();
        var file = folder.Write("fulcrum.yaml", configuration);
        List<string> command =
        [
            .. wrapper,
            Require.Tool("dotnet"),
            Repository.BuiltAssembly("Fulcrum", "fulcrum"),
            "run",
            file,
            "--state",
            folder.PathOf("state"),
        ];
        // It ends by itself; a program that started after all would be found out by the bound of Tool.Try.
        var (code, _, errors) = home.Run(() => Tool.Try(command[0], "", [.. command.Skip(1)]));
        Assert.NotEqual(0, code);
        return errors;
    }
}

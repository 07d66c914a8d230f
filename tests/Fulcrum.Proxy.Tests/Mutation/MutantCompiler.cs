using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Mutation;

/// <summary>
/// Builds the relay and the simulator anew as one assembly, and the event loop as another where that has the fault,
/// with the compiler of the SDK that runs the tests: the product needs no hooks for faults, and what runs is the
/// product's own text.
/// </summary>
public static class MutantCompiler
{
    private const string Loops = "Fulcrum.Loops";
    private const string Relay = "Fulcrum.Mutant";

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>Runs the simulator of an assembly with the fault (null: with none) and returns what it returns.</summary>
    public static string? Run(Mutant? mutant, int seed, int count)
    {
        using var folder = new TemporaryDirectory();
        Compile(mutant, folder);
        var context = new MutantContext(folder);
        try
        {
            var simulator = context
                .LoadFromAssemblyPath(folder.PathOf($"{Relay}.dll"))
                .GetType("Fulcrum.Proxy.Tests.Simulation.Simulator", throwOnError: true)!;
            var run = simulator.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
            return (string?)run.Invoke(null, [seed, count]);
        }
        finally
        {
            context.Unload();
        }
    }

    private static void Compile(Mutant? mutant, TemporaryDirectory folder)
    {
        var inLoops = mutant?.File.StartsWith(Loops, StringComparison.Ordinal) ?? false;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is not ("Fulcrum.Proxy" or "Fulcrum.Proxy.Tests"))
            .ToList();
        var found = mutant is null;
        if (inLoops)
        {
            references.RemoveAll(path => Path.GetFileNameWithoutExtension(path) == Loops);
            Build(Loops, Changed([Repository.PathOf("src", Loops)]));
            references.Add(folder.PathOf($"{Loops}.dll"));
        }
        string[] relay =
        [
            Repository.PathOf("src", "Fulcrum.Proxy"),
            Repository.PathOf("tests", "Fulcrum.Proxy.Tests", "Simulation"),
        ];
        Build(Relay, Changed(relay));
        Assert.True(found, $"{mutant}: there is no {mutant?.File}");

        List<string> Changed(string[] folders)
        {
            var sources = folders
                .SelectMany(path => Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories))
                .ToList();
            var index = mutant is null ? -1 : sources.IndexOf(Repository.PathOf("src", mutant.File));
            if (index >= 0)
            {
                found = true;
                var text = Apply(mutant!, File.ReadAllText(sources[index]));
                sources[index] = folder.Write(Path.GetFileName(sources[index]), text);
            }
            return sources;
        }

        void Build(string name, List<string> sources)
        {
            string[] lines =
            [
                "-nostdlib+",
                "-nologo",
                "-target:library",
                "-langversion:14",
                "-optimize+",
                "-unsafe+",
                "-nullable:enable",
                "-warn:0",
                $"-out:\"{folder.PathOf($"{name}.dll")}\"",
                $"\"{folder.Write("Usings.cs", Usings)}\"",
                .. references.Select(path => $"-reference:\"{path}\""),
                .. sources.Select(path => $"\"{path}\""),
            ];
            var response = folder.Write($"{name}.rsp", string.Join('\n', lines));
            var (code, errors, _) = Tool.Try(DotnetHost(), "", "exec", Compiler(), "-noconfig", $"@{response}");
            Assert.True(code == 0, $"{mutant}: {errors}");
        }
    }

    private static string Apply(Mutant mutant, string text)
    {
        var words = mutant.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var pattern = string.Join(@"\s+", words.Select(Regex.Escape));
        var matches = Regex.Matches(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(10));
        Assert.True(
            matches.Count == 1,
            $"'{mutant}' must fit in one place of {mutant.File}, it fits in {matches.Count}"
        );
        return string.Concat(
            text.AsSpan(0, matches[0].Index),
            mutant.Replacement,
            text.AsSpan(matches[0].Index + matches[0].Length)
        );
    }

    private static string DotnetRoot() =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    private static string DotnetHost() => Path.Combine(DotnetRoot(), "dotnet");

    private static string Compiler() =>
        Directory
            .EnumerateDirectories(Path.Combine(DotnetRoot(), "sdk"))
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
            .Where(File.Exists)
            .OrderBy(path => path, StringComparer.Ordinal)
            .Last();

    /// <summary>Takes the event loop from the mutant's folder when it is there, all else from this process.</summary>
    private sealed class MutantContext(TemporaryDirectory folder) : AssemblyLoadContext(Relay, isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = folder.PathOf($"{assemblyName.Name}.dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}

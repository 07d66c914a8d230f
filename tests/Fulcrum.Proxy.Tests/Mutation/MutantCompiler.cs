using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Fulcrum.TestKit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Fulcrum.Proxy.Tests.Mutation;

/// <summary>
/// Builds the relay and the simulator anew as one assembly, and the event loop as another where that has the fault,
/// with the compiler of the SDK that built the tests: the product needs no hooks for faults, and what runs is the
/// product's own text. Sources are read and parsed once; of a mutant only the file with its fault is another.
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

    private static readonly CSharpParseOptions _language = new(LanguageVersion.CSharp14);

    private static readonly Lazy<CSharpCompilation> _loops = new(() =>
        Sources(Loops, [Repository.PathOf("src", Loops)], References(Loops))
    );

    private static readonly Lazy<CSharpCompilation> _relay = new(() =>
        Sources(
            Relay,
            [
                Repository.PathOf("src", "Fulcrum.Proxy"),
                Repository.PathOf("tests", "Fulcrum.Proxy.Tests", "Simulation"),
            ],
            References()
        )
    );

    /// <summary>Runs the simulator of an assembly with the fault (null: with none) and returns what it returns.</summary>
    public static string? Run(Mutant? mutant, int seed, int count)
    {
        var context = Compile(mutant);
        try
        {
            var simulator = context
                .Assemblies.Single(assembly => assembly.GetName().Name == Relay)
                .GetType("Fulcrum.Proxy.Tests.Simulation.Simulator", throwOnError: true)!;
            var run = simulator.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
            return (string?)run.Invoke(null, [seed, count]);
        }
        finally
        {
            context.Unload();
        }
    }

    private static MutantContext Compile(Mutant? mutant)
    {
        var relay = _relay.Value;
        if (mutant is null || !mutant.File.StartsWith(Loops, StringComparison.Ordinal))
        {
            return new(Emit(mutant is null ? relay : Changed(relay, mutant)));
        }

        var loops = Emit(Changed(_loops.Value, mutant));
        var own = relay.References.Single(reference => NameOf(reference.Display!) == Loops);
        return new(Emit(relay.ReplaceReference(own, MetadataReference.CreateFromImage(loops))), loops);
    }

    private static CSharpCompilation Changed(CSharpCompilation compilation, Mutant mutant)
    {
        var path = Repository.PathOf("src", mutant.File);
        var tree = compilation.SyntaxTrees.SingleOrDefault(tree => tree.FilePath == path);
        Assert.True(tree is not null, $"{mutant}: there is no {mutant.File}");
        var text = Apply(mutant, tree.ToString());
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text)));
    }

    private static byte[] Emit(CSharpCompilation compilation)
    {
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(
            result.Success,
            string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error))
        );
        return assembly.ToArray();
    }

    private static CSharpCompilation Sources(string name, string[] folders, IEnumerable<MetadataReference> references)
    {
        var trees = folders
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), _language, path))
            .Append(CSharpSyntaxTree.ParseText(Usings, _language));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            // Who looks for null was looked for by the build already; the code is the same.
            nullableContextOptions: NullableContextOptions.Disable,
            warningLevel: 0
        );
        return CSharpCompilation.Create(name, trees, references, options);
    }

    private static IEnumerable<MetadataReference> References(string? without = null) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path =>
                NameOf(path) is not ("Fulcrum.Proxy" or "Fulcrum.Proxy.Tests") and var name && name != without
            )
            .Select(path => MetadataReference.CreateFromFile(path));

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

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

    /// <summary>Takes the event loop from the mutant where it has one, all else from this process.</summary>
    private sealed class MutantContext : AssemblyLoadContext
    {
        private readonly byte[]? _loops;

        public MutantContext(byte[] relay, byte[]? loops = null)
            : base(Relay, isCollectible: true)
        {
            _loops = loops;
            _ = Load(relay);
        }

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == Loops && _loops is not null ? Load(_loops) : null;

        private Assembly Load(byte[] image)
        {
            using var stream = new MemoryStream(image);
            return LoadFromStream(stream);
        }
    }
}

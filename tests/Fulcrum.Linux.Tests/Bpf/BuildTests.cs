using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>What is in the repository is what the compiler makes of the sources beside it.</summary>
public sealed class BuildTests
{
    [Fact]
    public void Compiled_programs_are_those_of_their_sources()
    {
        Require.Tool("clang");
        Require.Tool("llvm-strip");
        var sources = new[] { "bpf", "tests" }
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Join(Repository.Root, folder), "*.bpf.c", SearchOption.AllDirectories)
            )
            .ToList();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            using var made = new TemporaryDirectory();
            var relative = Path.GetRelativePath(Repository.Root, source);
            Tool.Run("env", $"OUTPUT={made.FullName}", Path.Join(Repository.Root, "bpf", "build"), relative);
            var name = Path.GetFileName(Path.ChangeExtension(source, ".o"));
            Assert.True(
                File.ReadAllBytes(made.PathOf(name))
                    .AsSpan()
                    .SequenceEqual(File.ReadAllBytes(Path.ChangeExtension(source, ".o"))),
                $"{relative} was changed, and its object was not: run bpf/build"
            );
        }
    }
}

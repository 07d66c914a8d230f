using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;

namespace Fulcrum.Configuration.Tests.Nodes;

public sealed class IncludeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fulcrum-include-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Maps_of_objects_come_together_in_the_order_of_the_files()
    {
        Write("main.yaml", "include: [more.json, 'conf.d/*.yaml']\nnodes: { a: {} }\n");
        Write("more.json", """{ "nodes": { "b": {} }, "group": "edge" }""");
        Write("conf.d/2.yaml", "nodes: { d: {} }\n");
        Write("conf.d/1.yaml", "nodes: { c: {} }\ninclude: ../main.txt\n");
        Write("conf.d/.hidden.yaml", "nonsense: [\n");
        Write("conf.d/readme.txt", "nonsense: [\n");
        Write("main.txt", "nodes: { e: {} }\n");
        var result = Load("main.yaml");
        Repository.AssertFine(result);
        Assert.Equal(["a", "b", "c", "e", "d"], result.Snapshot!.Nodes.Select(node => node.Name));
        Assert.Equal("edge", result.Snapshot.Group);
        Assert.Equal(
            ["main.yaml", "more.json", "conf.d/1.yaml", "conf.d/../main.txt", "conf.d/2.yaml"],
            result.Sources.Select(path => path[(_folder.Length + 1)..])
        );
    }

    [Fact]
    public void A_file_that_is_included_twice_is_read_once()
    {
        Write("main.yaml", "include: [a.yaml, b.yaml]\n");
        Write("a.yaml", "include: common.yaml\n");
        Write("b.yaml", "include: common.yaml\n");
        Write("common.yaml", "group: edge\n");
        Repository.AssertFine(Load("main.yaml"));
    }

    [Fact]
    public void A_pattern_may_match_nothing()
    {
        Write("main.yaml", "include: conf.d/*.yaml\n");
        Repository.AssertFine(Load("main.yaml"));
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        Write("main.yaml", "include: sub\n");
        Directory.CreateDirectory(Path.Join(_folder, "sub"));
        Assert.Contains("cannot read", Assert.Single(Load("main.yaml").Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_problem_without_a_place()
    {
        var result = Load("none.yaml");
        Assert.Null(result.Snapshot);
        var problem = Assert.Single(result.Problems);
        Assert.Null(problem.Position);
        Assert.Equal($"cannot read '{Path.Join(_folder, "none.yaml")}': it does not exist", problem.Message);
    }

    [Fact]
    public void Depth_size_and_number_are_bounded()
    {
        for (var i = 0; i < 20; i++)
        {
            Write($"deep{i}.yaml", $"include: deep{i + 1}.yaml\n");
        }

        Write("wide.yaml", "include: w/*.yaml\n");
        for (var i = 0; i < 5; i++)
        {
            Write($"w/{i}.yaml", "");
        }

        Write("large.yaml", new string('#', 2000));
        Assert.Contains(
            "more than 16 deep",
            Assert.Single(Load("deep0.yaml").Problems).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more than 3 files",
            Bounded("wide.yaml", NodeLimits.Default with { Files = 3 }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more than 0 MiB",
            Bounded("large.yaml", NodeLimits.Default with { Bytes = 1999 }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_text_that_is_no_file_cannot_include()
    {
        var problem = Assert.Single(SnapshotLoader.Parse("include: x.yaml\n", "t", ConfigurationFormat.Yaml).Problems);
        Assert.Equal("t:1:10: only a file can include others", problem.ToString());
    }

    private string Bounded(string file, NodeLimits limits)
    {
        var problems = new ProblemList();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        new DocumentReader(limits, variables, new HashSet<string>(StringComparer.Ordinal), problems).ReadFile(
            Path.Join(_folder, file)
        );
        return Assert.Single(problems.ToList()).Message;
    }

    private LoadResult Load(string file) => SnapshotLoader.Load(Path.Join(_folder, file));

    private void Write(string file, string text)
    {
        var path = Path.Join(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

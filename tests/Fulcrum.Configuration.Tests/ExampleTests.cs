namespace Fulcrum.Configuration.Tests;

public sealed class ExampleTests
{
    public static TheoryData<string> Files =>
        [.. Repository.Examples.Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Loads_without_a_problem(string file)
    {
        var result = SnapshotLoader.Load(Path.Join(Repository.Root, file));
        Repository.AssertFine(result);
        Assert.NotNull(result.Snapshot);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_written_reads_back_equal(string file)
    {
        var snapshot = SnapshotLoader.Load(Path.Join(Repository.Root, file)).Snapshot!;
        var yaml = SnapshotLoader.Parse(SnapshotWriter.ToYaml(snapshot), "again.yaml", ConfigurationFormat.Yaml);
        Repository.AssertFine(yaml);
        Assert.Equal(snapshot, yaml.Snapshot);
        var json = SnapshotLoader.Parse(SnapshotWriter.ToJson(snapshot), "again.json", ConfigurationFormat.Json);
        Repository.AssertFine(json);
        Assert.Equal(snapshot, json.Snapshot);
    }
}

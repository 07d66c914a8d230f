namespace Fulcrum.Configuration.Tests;

/// <summary>
/// Each file in Broken has its problems beside it, line by line. <c>FULCRUM_UPDATE=1</c> writes them anew; read the
/// difference before committing it.
/// </summary>
public sealed class BrokenTests
{
    private static readonly string Folder = Path.Join(Repository.Tests, "Broken");

    private static readonly LoadOptions Options = new()
    {
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME_PAGE"] = "x",
            ["COLOR"] = "mauve",
            ["EMPTY"] = "",
        },
    };

    public static TheoryData<string> Files =>
        [
            .. Directory
                .EnumerateFiles(Folder)
                .Where(Repository.IsConfiguration)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Says_what_is_wrong_and_where(string file)
    {
        var result = SnapshotLoader.Load(Path.Join(Folder, file), Options);
        var actual = string.Join('\n', result.Problems).Replace(Folder + "/", "", StringComparison.Ordinal) + "\n";
        var expected = Path.Join(Folder, file + ".expected");
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            File.WriteAllText(expected, actual);
        }

        Assert.NotEmpty(result.Problems);
        Assert.Equal(File.ReadAllText(expected), actual);
    }

    [Fact]
    public void There_are_many_and_nothing_expected_without_its_file()
    {
        Assert.True(Files.Count >= 60, $"{Files.Count} broken files");
        var expected = Directory
            .EnumerateFiles(Folder, "*.expected")
            .Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.Equal(Files.Select(row => row.Data), expected.Order(StringComparer.Ordinal));
    }
}

namespace Fulcrum.Tests;

/// <summary>
/// Files beside the tests with what people see. Somebody has looked at each; <c>FULCRUM_UPDATE=1</c> writes them anew, to
/// be looked at again.
/// </summary>
internal static class Golden
{
    public static void Matches(string name, string shown)
    {
        var file = TestKit.Repository.PathOf("tests", "Fulcrum.Tests", "Screens", name);
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, shown);
        }

        Assert.Equal(File.ReadAllText(file), shown);
    }
}

namespace Fulcrum.TestKit;

/// <summary>Where the sources and the built program are, seen from a test that runs out of <c>artifacts/</c>.</summary>
public static class Repository
{
    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    /// <summary>The directory that holds <c>Fulcrum.slnx</c>.</summary>
    public static string Root => LazyRoot.Value;

    /// <summary><c>release</c> or <c>debug</c>: the configuration that the running tests were built in.</summary>
    public static string BuildConfiguration { get; } =
        AppContext.BaseDirectory.TrimEnd('/').EndsWith("debug", StringComparison.Ordinal) ? "debug" : "release";

    /// <summary>A path below the root; parts are joined.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>The main assembly of a built project: <c>artifacts/bin/PROJECT/release/NAME.dll</c>.</summary>
    public static string BuiltAssembly(string project, string? name = null) =>
        PathOf("artifacts", "bin", project, BuildConfiguration, $"{name ?? project}.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fulcrum.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Fulcrum.slnx above {AppContext.BaseDirectory}");
    }
}

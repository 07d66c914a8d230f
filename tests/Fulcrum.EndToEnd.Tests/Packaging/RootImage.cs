using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>
/// A small Debian that a package can be installed in, as an archive in <c>artifacts/</c>. mmdebstrap makes it out of the
/// sources that this machine installs from, in half the time that debootstrap needs; it is made once.
/// </summary>
internal sealed class RootImage
{
    /// <summary>What the package depends on and such a root lacks. Trixie calls libssl3 another name, and knows this one.</summary>
    private const string Packages = "libssl3,libstdc++6,passwd";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    private readonly string _name;
    private readonly string _variant;
    private readonly string _packages;
    private readonly Lazy<Task<string>> _made;

    private RootImage(string name, string variant, string packages)
    {
        _name = name;
        _variant = variant;
        _packages = packages;
        _made = new(MakeAsync);
    }

    /// <summary>The smallest: what it lacks, a package has to ask for.</summary>
    public static RootImage Smallest { get; } = new("clean-root", "essential", Packages);

    /// <summary>With apt, and what else <c>docs/first-hour.md</c> has its reader install.</summary>
    public static RootImage WithTools { get; } = new("tools-root", "apt", $"{Packages},curl,python3");

    /// <summary>The path of the archive.</summary>
    public Task<string> Path
    {
        get
        {
            Require.Root();
            _ = Require.Tool("mmdebstrap");
            _ = Require.Tool("tar");
            Require.That(
                Suite is not null && Sources().Any(),
                "needs a Debian whose apt has the sources of its own suite"
            );
            return _made.Value;
        }
    }

    private static string? Suite =>
        File.Exists("/etc/os-release")
            ? File.ReadLines("/etc/os-release")
                .Select(line => line.Split('=', 2))
                .FirstOrDefault(pair => pair[0] == "VERSION_CODENAME")
                ?[1]
            : null;

    private async Task<string> MakeAsync()
    {
        var archive = Repository.PathOf("artifacts", $"{_name}-{Suite}.tar");
        if (File.Exists(archive))
        {
            return archive;
        }

        var made = $"{archive}.{Environment.ProcessId}.tar";
        try
        {
            var (code, _, errors) = await Tool.TryAsync(
                Bound,
                "mmdebstrap",
                [$"--variant={_variant}", $"--include={_packages}", Suite!, made, .. Sources()]
            );
            Assert.True(code == 0, $"mmdebstrap: exit code {code}\n{errors}");
            File.Move(made, archive);
            return archive;
        }
        finally
        {
            File.Delete(made);
        }
    }

    /// <summary>The files of apt that name the suite: others' packages are not asked for.</summary>
    private static IEnumerable<string> Sources()
    {
        const string Folder = "/etc/apt/sources.list.d";
        IEnumerable<string> more = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder) : [];
        string[] candidates = ["/etc/apt/sources.list", .. more.Order(StringComparer.Ordinal)];
        return candidates.Where(file =>
            File.Exists(file)
            && File.ReadLines(file)
                .Where(line => !line.StartsWith('#'))
                .Any(line => line.Split(' ').Contains(Suite, StringComparer.Ordinal))
        );
    }
}

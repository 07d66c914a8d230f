using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>
/// The smallest Debian that a package can be installed in, as an archive in <c>artifacts/</c>. mmdebstrap makes it out
/// of the sources that this machine installs from, in half the time that debootstrap needs; it is made once.
/// </summary>
internal static class RootImage
{
    /// <summary>What the package depends on and such a root lacks. Trixie calls libssl3 another name, and knows this one.</summary>
    private const string Packages = "libssl3,libstdc++6,passwd";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    /// <summary>The path of the archive.</summary>
    public static Task<string> Path
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
            return Made.Value;
        }
    }

    private static string? Suite =>
        File.Exists("/etc/os-release")
            ? File.ReadLines("/etc/os-release")
                .Select(line => line.Split('=', 2))
                .FirstOrDefault(pair => pair[0] == "VERSION_CODENAME")
                ?[1]
            : null;

    private static async Task<string> MakeAsync()
    {
        var archive = Repository.PathOf("artifacts", $"clean-root-{Suite}.tar");
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
                ["--variant=essential", $"--include={Packages}", Suite!, made, .. Sources()]
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

using System.Diagnostics.CodeAnalysis;
using Fulcrum.TestKit;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>
/// A root directory with a small Debian and nothing else, of the test's own. A command runs in it as root, with a
/// mount namespace of its own (unshare(1)), so no mount is left behind, however the command or the test ends.
/// </summary>
internal sealed class CleanRoot : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    // Some devices, and the processes that there are; then the command takes this shell's place, and its pid.
    private const string Enter = """
        set -e
        root=$1
        shift
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=755 none "$root/dev"
        for device in null zero full random urandom tty; do
          : >"$root/dev/$device"
          mount --bind "/dev/$device" "$root/dev/$device"
        done
        exec chroot "$root" "$@"
        """;

    private readonly TemporaryDirectory _folder = new();

    private CleanRoot() { }

    /// <summary>Where the root is, seen from outside.</summary>
    public string FullName => _folder.PathOf("root");

    /// <summary>A fresh one. Skips the test where there is no root, or no Debian to make it of.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    public static async Task<CleanRoot> CreateAsync(RootImage? of = null)
    {
        var image = await (of ?? RootImage.Smallest).Path;
        var root = new CleanRoot();
        Directory.CreateDirectory(root.FullName);
        var (code, _, errors) = await Tool.TryAsync(
            Bound,
            "tar",
            "--extract",
            "--numeric-owner",
            "--preserve-permissions",
            "--exclude=./dev/*",
            "--file",
            image,
            "--directory",
            root.FullName
        );
        Assert.True(code == 0, errors);
        return root;
    }

    /// <summary>A fresh one with the package in it.</summary>
    public static async Task<CleanRoot> CreateWithPackageAsync()
    {
        var root = await CreateAsync();
        await root.InstallAsync(await DebianPackage.Path);
        return root;
    }

    /// <summary>A path inside, seen from outside: <c>PathOf("/etc/fulcrum/fulcrum.yaml")</c>.</summary>
    public string PathOf(string inside) => Path.Join(FullName, inside);

    /// <summary>Installs a package file with dpkg, as an administrator would; files that were changed are kept.</summary>
    public Task<string> InstallAsync(string package)
    {
        File.Copy(package, PathOf("/tmp/package.deb"), overwrite: true);
        return RunAsync("dpkg", "--force-confold", "--install", "/tmp/package.deb");
    }

    /// <summary>Runs a command inside and returns its standard output.</summary>
    public async Task<string> RunAsync(params string[] command)
    {
        var (code, output, errors) = await TryAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: exit code {code}\n{output}{errors}");
        return output;
    }

    /// <summary>Runs a command whose exit code is an answer.</summary>
    public Task<(int ExitCode, string Output, string Errors)> TryAsync(params string[] command) =>
        Tool.TryAsync(Bound, "unshare", ArgumentsOf(command));

    /// <summary>What <c>unshare</c> is told to run a command inside. The command keeps the pid.</summary>
    public string[] ArgumentsOf(params string[] command) =>
        [
            "--mount",
            "env",
            "--ignore-environment",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND=noninteractive",
            "sh",
            "-c",
            Enter,
            "sh",
            FullName,
            .. command,
        ];

    public void Dispose() => _folder.Dispose();
}

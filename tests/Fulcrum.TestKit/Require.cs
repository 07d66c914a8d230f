using Xunit;

namespace Fulcrum.TestKit;

/// <summary>
/// What a test needs from the machine. Missing, the test is skipped with a reason that names the remedy; where
/// <c>FULCRUM_REQUIRE=all</c> (continuous integration sets it) it fails instead, so that nothing is skipped unseen.
/// </summary>
public static class Require
{
    private const int CapNetAdmin = 12;
    private const int CapSysAdmin = 21;

    /// <summary>Whether this is a guest.</summary>
    internal static bool IsGuest { get; } = Environment.GetEnvironmentVariable("FULCRUM_GUEST") is "1";

    private static bool All => Environment.GetEnvironmentVariable("FULCRUM_REQUIRE") is "all";

    /// <summary>Root with the capabilities to make network namespaces.</summary>
    public static void Root()
    {
        var capabilities = EffectiveCapabilities();
        That(
            (capabilities >> CapNetAdmin & capabilities >> CapSysAdmin & 1) == 1,
            "needs root with CAP_NET_ADMIN and CAP_SYS_ADMIN, to make network namespaces"
        );
    }

    /// <summary>A program in <c>PATH</c> or an <c>sbin</c> directory. Returns its full path.</summary>
    public static string Tool(string command)
    {
        var path = Find(command);
        var package = PackageTable.PackageOf(command);
        That(
            path is not null,
            package is null
                ? $"needs the program '{command}'"
                : $"needs the program '{command}' (Debian package {package}; './test --install' installs it)"
        );
        return path!;
    }

    /// <summary>Something of the kernel that not every machine has.</summary>
    public static void Kernel(string feature, Func<bool> present)
    {
        ArgumentNullException.ThrowIfNull(present);
        That(present(), $"needs a kernel with {feature}");
    }

    /// <summary>Anything else: skips (or fails, see the class) unless <paramref name="given"/>.</summary>
    public static void That(bool given, string need)
    {
        if (!given && All)
        {
            Assert.Fail($"FULCRUM_REQUIRE=all, but this {need}");
        }

        Assert.SkipUnless(given, need);
    }

    internal static string? Find(string command)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        return folders
            .Concat(["/usr/sbin", "/sbin", "/usr/local/sbin"])
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);
    }

    private static ulong EffectiveCapabilities()
    {
        const string Key = "CapEff:";
        var line = File.ReadLines("/proc/self/status")
            .FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? 0 : Convert.ToUInt64(line[Key.Length..].Trim(), 16);
    }
}

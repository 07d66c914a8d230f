namespace Fulcrum.Examining;

/// <summary>The modules that a disk has for a kernel (modules.dep(5)).</summary>
internal static class KernelModules
{
    private const string Suffix = ".ko";

    /// <param name="root">/lib/modules.</param>
    /// <param name="kernel">The kernel's release.</param>
    public static IReadOnlySet<string> Read(string root, string kernel)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in (string[])["modules.dep", "modules.builtin"])
        {
            try
            {
                names.UnionWith(File.ReadLines(Path.Combine(root, kernel, list)).Select(NameOf).OfType<string>());
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Containers and small machines have none.
            }
        }

        return names;
    }

    // "kernel/net/netfilter/ipvs/ip_vs.ko.xz: ...": what is behind depends on the packing.
    private static string? NameOf(string line)
    {
        var file = Path.GetFileName(line.Split(':')[0]);
        var end = file.IndexOf(Suffix, StringComparison.Ordinal);
        return end > 0 ? file[..end].Replace('-', '_') : null;
    }
}

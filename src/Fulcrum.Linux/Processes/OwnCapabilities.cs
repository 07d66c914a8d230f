using System.Globalization;

namespace Fulcrum.Linux.Processes;

/// <summary>The rights that this process works with.</summary>
public static class OwnCapabilities
{
    private const string Effective = "CapEff:";

    public static bool Has(Capability capability) =>
        (Read(File.ReadLines("/proc/self/status")) >> (int)capability & 1) == 1;

    /// <param name="status">Lines as proc_pid_status(5) describes them.</param>
    internal static ulong Read(IEnumerable<string> status) =>
        status.FirstOrDefault(line => line.StartsWith(Effective, StringComparison.Ordinal)) is { } line
            ? ulong.Parse(line.AsSpan(Effective.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : 0;
}

using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Bench;

/// <summary>The BPF programs that only the benchmarks have.</summary>
internal static class EmbeddedPrograms
{
    public static BpfObject Read(string resource)
    {
        using var stream = typeof(EmbeddedPrograms).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return BpfObject.Parse(bytes);
    }
}

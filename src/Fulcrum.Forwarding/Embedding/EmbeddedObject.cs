using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Forwarding.Embedding;

/// <summary>A compiled program that is in this assembly. What it shares with us is laid out as we have it, or it is refused.</summary>
internal static class EmbeddedObject
{
    /// <param name="resource">Its name in the assembly.</param>
    /// <param name="layouts">Of each structure: our size of it, and its size and members with their offsets and sizes.</param>
    /// <exception cref="BpfObjectException">It is not the one that this was written for.</exception>
    public static BpfObject Read(string resource, ReadOnlySpan<(string Name, int Size, string Layout)> layouts) =>
        Read(resource, Bytes(resource), layouts);

    /// <summary>The same of one that is not in this assembly.</summary>
    /// <exception cref="BpfObjectException"/>
    public static BpfObject Read(
        string resource,
        ReadOnlyMemory<byte> bytes,
        ReadOnlySpan<(string Name, int Size, string Layout)> layouts
    )
    {
        var read = BpfObject.Parse(bytes);
        foreach (var (name, size, layout) in layouts)
        {
            var found = read.Types.LayoutOf(name);
            if (found != layout || !layout.StartsWith($"{size}:", StringComparison.Ordinal))
            {
                throw new BpfObjectException(
                    $"{resource}: '{name}' is {found ?? "missing"}, not {layout} ({size} here)"
                );
            }
        }

        return read;
    }

    private static byte[] Bytes(string resource)
    {
        using var stream =
            typeof(EmbeddedObject).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not in the assembly");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Forwarding;

/// <summary>The compiled programs for the kernel that are in this assembly.</summary>
internal static class EmbeddedObjects
{
    /// <exception cref="BpfObjectException"/>
    public static BpfObject Read(string name)
    {
        using var stream =
            typeof(EmbeddedObjects).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return BpfObject.Parse(bytes);
    }
}

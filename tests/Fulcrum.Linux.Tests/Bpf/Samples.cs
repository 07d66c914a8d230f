using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>The programs of these tests, as they are in the repository.</summary>
internal static class Samples
{
    public static byte[] Bytes(string name) =>
        File.ReadAllBytes(Path.Join(Repository.Root, "tests/Fulcrum.Linux.Tests/Bpf", $"{name}.bpf.o"));

    public static BpfObject Sample() => BpfObject.Parse(Bytes("sample"));

    /// <summary>A packet of zeroes that begins with this byte.</summary>
    public static byte[] Packet(byte first)
    {
        var packet = new byte[64];
        packet[0] = first;
        return packet;
    }
}

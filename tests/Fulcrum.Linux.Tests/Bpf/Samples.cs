using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>The programs of these tests, as they are in the repository.</summary>
internal static class Samples
{
    public static byte[] Bytes(string name) =>
        File.ReadAllBytes(Path.Join(Repository.Root, "tests/Fulcrum.Linux.Tests/Bpf", $"{name}.bpf.o"));

    public static BpfObject Sample() => BpfObject.Parse(Bytes("sample"));

    /// <summary>How often programs saw packets, and left this letter.</summary>
    public static ulong Seen(BpfLoader loader, char letter) => Seen(loader.Map("seen"), letter);

    public static ulong Seen(BpfMap seen, char letter)
    {
        ulong sum = 0;
        Span<byte> key = stackalloc byte[8];
        Span<byte> value = stackalloc byte[16];
        for (var more = seen.TryNext(default, key); more; more = seen.TryNext(key, key))
        {
            if (key[4] == letter && seen.TryGet(key, value))
            {
                sum += BitConverter.ToUInt64(value);
            }
        }

        return sum;
    }

    /// <summary>A packet of zeroes that begins with this byte.</summary>
    public static byte[] Packet(byte first)
    {
        var packet = new byte[64];
        packet[0] = first;
        return packet;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Fulcrum.Balancing.Hashing;

/// <summary>
/// 64 bits of any bytes, the same on every machine and in every version: keys of backends, names, cookies. Not for
/// secrets; where the bytes are the client's to choose, give a seed that it does not know.
/// </summary>
public static class StableHash
{
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = Mixer.Mix(seed, (ulong)bytes.Length + 1);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mixer.Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) + Mixer.Step;
            bytes = bytes[sizeof(ulong)..];
        }

        var rest = 0UL;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            rest = (rest << 8) | bytes[i];
        }

        return Mixer.Mix(hash ^ rest);
    }

    /// <summary>The hash of the text's UTF-8 form.</summary>
    public static ulong Of(string text, ulong seed = 0) => Of(Encoding.UTF8.GetBytes(text), seed);
}

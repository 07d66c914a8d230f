using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Keys of the hash that finds recent flows: of 10 words of a flow, and of the same again two words on.</summary>
[InlineArray(Words)]
internal struct DigestKeys
{
    private const int Words = 12;

    private uint _first;

    public static DigestKeys Make()
    {
        var keys = default(DigestKeys);
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes((Span<uint>)keys));
        return keys;
    }
}

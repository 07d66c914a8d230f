using System.Buffers.Binary;

namespace Fulcrum.Balancing.Hashing;

/// <summary>
/// What a client is to the hashing algorithms: 64 bits of its address, the same on every node, in every version, and
/// whichever way the address arrived.
/// </summary>
/// <remarks>
/// An IPv4 address is hashed as its v4-mapped IPv6 form (RFC 4291 section 2.5.5.2), for a socket that serves both
/// families shows it so, and a client must not change its backend with the kind of listener. Different IPv4 addresses
/// never collide, since the mixer is a bijection.
/// </remarks>
public sealed record ClientHash
{
    private const int MappedBits = 96;

    /// <summary>Whole addresses, seed 0.</summary>
    public static ClientHash Default { get; } = new();

    /// <summary>Leading bits of an IPv4 address that count, 0 to 32: 24 keeps a /24 together.</summary>
    public int PrefixV4
    {
        get;
        init => field = InRange(value, 32);
    } = 32;

    /// <summary>Leading bits of an IPv6 address that count, 0 to 128: 64 keeps a host with privacy addresses together.</summary>
    public int PrefixV6
    {
        get;
        init => field = InRange(value, 128);
    } = 128;

    /// <summary>
    /// Tells this tier's choices from those of another tier that hashes the same clients, which otherwise would send
    /// each node a set of clients that all hash alike.
    /// </summary>
    public ulong Seed { get; init; }

    /// <param name="address">
    /// 4 or 16 bytes in network order; bytes of any other length are hashed as they are. What is no address, such as the
    /// path of a Unix socket, belongs to <see cref="StableHash"/>.
    /// </param>
    public ulong Of(ReadOnlySpan<byte> address)
    {
        UInt128 bits;
        switch (address.Length)
        {
            case 4:
                bits = Mapped(BinaryPrimitives.ReadUInt32BigEndian(address));
                break;
            case 16:
                bits = BinaryPrimitives.ReadUInt128BigEndian(address);
                break;
            default:
                return StableHash.Of(address, Seed);
        }

        var isV4 = (ulong)(bits >> 32) == 0xFFFF && bits >> MappedBits == 0;
        bits &= Mask(isV4 ? MappedBits + PrefixV4 : PrefixV6);
        return Mixer.Mix(Mixer.Mix((ulong)(bits >> 64) + Mixer.Mix(Seed, 1)) + (ulong)bits);
    }

    /// <summary>The same with the client's port, so that one client's connections are spread.</summary>
    public ulong Of(ReadOnlySpan<byte> address, ushort port) => Mixer.Mix(Of(address), port + 1UL);

    private static UInt128 Mapped(uint address) => new(0, 0xFFFF_0000_0000UL | address);

    private static UInt128 Mask(int prefix) => prefix == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - prefix);

    private static int InRange(int value, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }
}

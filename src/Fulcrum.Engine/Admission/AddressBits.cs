using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Engine.Admission;

/// <summary>
/// An IP address of either family as one number, IPv4 in its v4-mapped form (RFC 4291 section 2.5.5.2): the two forms
/// of an address are one, whichever kind of socket showed it. A plain value, so that a hot path allocates nothing.
/// </summary>
public readonly record struct AddressBits(UInt128 Value)
{
    /// <summary>Leading bits that all IPv4 addresses have in common.</summary>
    public const int MappedLength = 96;

    public bool IsIPv4 => Value >> 32 == 0xFFFF;

    public static AddressBits Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <param name="address">In host order.</param>
    public static AddressBits OfIPv4(uint address) => new(new UInt128(0, 0xFFFF_0000_0000UL | address));

    /// <summary>How many leading bits of an address in this form the network decides.</summary>
    public static int LengthOf(IPNetwork network) =>
        network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MappedLength : 0);

    /// <summary>Only so many leading bits, the others 0.</summary>
    public AddressBits Leading(int bits) => new(bits == 0 ? UInt128.Zero : Value & (UInt128.MaxValue << (128 - bits)));

    /// <summary>For people, IPv4 in its own form.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new(IsIPv4 ? bytes[12..] : bytes);
    }
}

using System.Buffers.Binary;

namespace Fulcrum.Protocols;

/// <summary>
/// The ones' complement of the ones' complement sum of 16-bit words (RFC 1071). Over data that has its right checksum
/// in it, it is 0.
/// </summary>
internal static class InternetChecksum
{
    public static ushort Of(ReadOnlySpan<byte> data)
    {
        ulong sum = 0;
        for (; data.Length >= 2; data = data[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(data);
        }

        sum += data.IsEmpty ? 0UL : (ulong)data[0] << 8;
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}

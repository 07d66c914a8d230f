using System.Buffers.Binary;
using System.Text;

namespace Fulcrum.Protocols.Grpc;

/// <summary>
/// <c>HealthCheckRequest { string service = 1; }</c> and <c>HealthCheckResponse { ServingStatus status = 1; }</c> in
/// the encoding of Protocol Buffers, each behind a flag for compression and its length.
/// </summary>
internal static class HealthMessages
{
    private const int PrefixLength = 5;

    public static byte[] WriteRequest(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        byte[] message = name.Length == 0 ? [] : [(1 << 3) | 2, .. Varint(name.Length), .. name];
        var prefix = new byte[PrefixLength];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);
        return [.. prefix, .. message];
    }

    /// <summary>The status in the one message of a body; null when it is none.</summary>
    public static int? ReadStatus(ReadOnlySpan<byte> body)
    {
        // We accept no compression, so none may be there.
        if (
            body.Length < PrefixLength
            || body[0] != 0
            || BinaryPrimitives.ReadUInt32BigEndian(body[1..]) != body.Length - PrefixLength
        )
        {
            return null;
        }

        var message = body[PrefixLength..];
        var status = 0;
        while (!message.IsEmpty)
        {
            if (
                ReadVarint(ref message) is not { } tag
                || tag >> 3 == 0
                || ReadValue(ref message, (int)tag & 7) is not { } value
            )
            {
                return null;
            }

            // The last one holds; of another type it is another field.
            status = tag == 1 << 3 ? (int)value : status;
        }

        return status;
    }

    // The value of a number; of what is not known only that it is there.
    private static ulong? ReadValue(ref ReadOnlySpan<byte> from, int wireType)
    {
        if (wireType == 0)
        {
            return ReadVarint(ref from);
        }

        ulong? length = wireType switch
        {
            1 => 8,
            2 => ReadVarint(ref from),
            5 => 4,
            _ => null,
        };
        if (length is not { } octets || octets > (ulong)from.Length)
        {
            return null;
        }

        from = from[(int)octets..];
        return 0;
    }

    private static ulong? ReadVarint(ref ReadOnlySpan<byte> from)
    {
        var value = 0ul;
        for (var i = 0; i < Math.Min(from.Length, 10); i++)
        {
            value |= (ulong)(from[i] & 0x7F) << (7 * i);
            if (from[i] < 0x80)
            {
                from = from[(i + 1)..];
                return value;
            }
        }

        return null;
    }

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}

using System.Buffers.Binary;

namespace Fulcrum.Protocols.Tls;

/// <summary>
/// Versions, two bytes each (RFC 8446 section 4.2.1). Among them may be numbers that mean nothing and only see to it
/// that servers ignore what they do not know (RFC 8701), and drafts.
/// </summary>
public readonly ref struct TlsVersions
{
    private const int Major = 3;

    private readonly ReadOnlySpan<byte> _bytes;

    internal TlsVersions(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>The newest of the versions that TLS has had; 0 when there is none.</summary>
    public ushort Newest
    {
        get
        {
            ushort newest = 0;
            for (var rest = _bytes; !rest.IsEmpty; rest = rest[2..])
            {
                newest = rest[0] == Major ? Math.Max(newest, BinaryPrimitives.ReadUInt16BigEndian(rest)) : newest;
            }

            return newest;
        }
    }

    public bool Contains(ushort version)
    {
        for (var rest = _bytes; !rest.IsEmpty; rest = rest[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == version)
            {
                return true;
            }
        }

        return false;
    }
}

using System.Buffers.Binary;

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// Writes version 2 into a span: first who and whom (<see cref="Begin(ProxyTransport, ProxyAddress, ProxyAddress)"/>, or
/// <see cref="BeginLocal"/>), then what else there is to say, then <see cref="Finish"/>. Addresses of two families are
/// both written as IPv6, an IPv4 address in its mapped form; two that have an IPv4 form are written in that, whichever
/// kind of socket showed them. <see cref="ProxyHeaderReader.MaxLength"/> bytes are always enough.
/// </summary>
public ref struct ProxyBinaryWriter
{
    private readonly Span<byte> _destination;
    private int _length;

    public ProxyBinaryWriter(Span<byte> destination)
    {
        _destination = destination[..Math.Min(destination.Length, ProxyHeaderReader.MaxLength)];
        BeginLocal();
    }

    /// <summary>A connection that the proxy opens for itself, as for a health check: nothing is said of addresses.</summary>
    public void BeginLocal() => Begin(ProxyCommand.Local, ProxyFamily.Unspecified, ProxyTransport.Unspecified);

    /// <summary>A connection of a client; without IP addresses on both ends it is only said that there is one.</summary>
    public void Begin(ProxyTransport transport, ProxyAddress source, ProxyAddress target)
    {
        var family = ProxyAddress.Common(source, target);
        if (family == ProxyFamily.Unspecified)
        {
            Begin(ProxyCommand.Proxy, family, ProxyTransport.Unspecified);
            return;
        }

        Begin(ProxyCommand.Proxy, family, transport);
        WriteAddress(family, source);
        WriteAddress(family, target);
        WritePort(source.Port);
        WritePort(target.Port);
    }

    /// <summary>A connection to a Unix socket; a path that begins with NUL is a name in the abstract namespace.</summary>
    public void BeginUnix(ProxyTransport transport, ReadOnlySpan<byte> sourcePath, ReadOnlySpan<byte> targetPath)
    {
        Begin(ProxyCommand.Proxy, ProxyFamily.Unix, transport);
        WritePath(sourcePath);
        WritePath(targetPath);
    }

    /// <summary>
    /// Says one thing more. <c>false</c>, and nothing is written, when there is no room or the value cannot be of this
    /// type: then the header goes without it.
    /// </summary>
    public bool TryAppend(ProxyTlvType type, scoped ReadOnlySpan<byte> value)
    {
        var isPossible = type switch
        {
            ProxyTlvType.UniqueId => value.Length <= ProxyBinary.MaxUniqueId,
            ProxyTlvType.Ssl => ProxySsl.TryRead(value, out _),
            // It can only be known at the end.
            ProxyTlvType.Crc32C => false,
            _ => true,
        };
        if (!isPossible || value.Length > _destination.Length - _length - ProxyTlv.HeaderLength)
        {
            return false;
        }

        _destination[_length] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(_length + 1)..], (ushort)value.Length);
        value.CopyTo(_destination[(_length + ProxyTlv.HeaderLength)..]);
        _length += ProxyTlv.HeaderLength + value.Length;
        return true;
    }

    /// <summary>Completes the header and returns its length.</summary>
    /// <param name="withChecksum">Adds a CRC32c over all of it, if there is room left.</param>
    public int Finish(bool withChecksum)
    {
        var checksumAt = _length + ProxyTlv.HeaderLength;
        withChecksum &= checksumAt + ProxyBinary.ChecksumLength <= _destination.Length;
        if (withChecksum)
        {
            _destination[_length] = (byte)ProxyTlvType.Crc32C;
            BinaryPrimitives.WriteUInt16BigEndian(_destination[(_length + 1)..], ProxyBinary.ChecksumLength);
            _length = checksumAt + ProxyBinary.ChecksumLength;
        }

        BinaryPrimitives.WriteUInt16BigEndian(
            _destination[ProxyBinary.LengthAt..],
            (ushort)(_length - ProxyBinary.HeaderLength)
        );
        if (withChecksum)
        {
            BinaryPrimitives.WriteUInt32BigEndian(
                _destination[checksumAt..],
                ProxyBinary.Checksum(_destination[.._length], checksumAt)
            );
        }

        return _length;
    }

    private void Begin(ProxyCommand command, ProxyFamily family, ProxyTransport transport)
    {
        ProxyBinary.Signature.CopyTo(_destination);
        _destination[ProxyBinary.CommandAt] = (byte)((ProxyBinary.Version << 4) | (int)command);
        _destination[ProxyBinary.FamilyAt] = (byte)(((int)family << 4) | (int)transport);
        _length = ProxyBinary.HeaderLength;
    }

    private void WriteAddress(ProxyFamily family, ProxyAddress address)
    {
        if (family == ProxyFamily.IPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_destination[_length..], address.V4Bits);
            _length += sizeof(uint);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(_destination[_length..], address.V6Bits);
            _length += 16;
        }
    }

    private void WritePort(ushort port)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_length..], port);
        _length += sizeof(ushort);
    }

    private void WritePath(ReadOnlySpan<byte> path)
    {
        var field = _destination.Slice(_length, ProxyBinary.PathLength);
        path.CopyTo(field);
        field[path.Length..].Clear();
        _length += ProxyBinary.PathLength;
    }
}

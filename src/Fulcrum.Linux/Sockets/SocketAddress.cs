using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// Where a socket is or goes: IPv4 or IPv6 address with port (and IPv6 scope), or a Unix path. A value of 32 bytes
/// which compares and hashes without allocation; <see cref="Encode"/> and <see cref="Decode"/> speak the kernel's
/// <c>struct sockaddr_in</c>, <c>sockaddr_in6</c> and <c>sockaddr_un</c>. A path that begins with <c>@</c> is a name
/// in the abstract namespace (unix(7)).
/// </summary>
public readonly struct SocketAddress : IEquatable<SocketAddress>
{
    /// <summary>The most bytes that an encoded address takes.</summary>
    public const int MaxLength = 2 + MaxPathLength;

    private const int MaxPathLength = 108;
    private const int LengthIPv4 = 16;
    private const int LengthIPv6 = 28;

    private readonly UInt128 _address;
    private readonly string? _path;
    private readonly uint _scope;
    private readonly ushort _port;

    private SocketAddress(SocketFamily family, UInt128 address, ushort port, uint scope, string? path)
    {
        _address = address;
        _path = path;
        _scope = scope;
        _port = port;
        Family = family;
    }

    /// <summary>To bind to it has the kernel choose an abstract name that nobody else has (unix(7)).</summary>
    public static SocketAddress AnyUnix { get; } = new(SocketFamily.Unix, default, 0, 0, "");

    public SocketFamily Family { get; }

    /// <summary>The port in host order; 0 for Unix addresses.</summary>
    public ushort Port => _port;

    /// <summary>The address as a number in host order: 32 bits for IPv4, 128 for IPv6, 0 for Unix addresses.</summary>
    public UInt128 Bits => _address;

    /// <summary>The interface that a link-local IPv6 address belongs to, else 0.</summary>
    public uint Scope => _scope;

    /// <summary>The path of a Unix address.</summary>
    public string? Path => _path;

    /// <summary>Whether this is 0.0.0.0 or [::].</summary>
    public bool IsWildcard => Family is SocketFamily.IPv4 or SocketFamily.IPv6 && _address == UInt128.Zero;

    public static bool operator ==(SocketAddress left, SocketAddress right) => left.Equals(right);

    public static bool operator !=(SocketAddress left, SocketAddress right) => !left.Equals(right);

    /// <summary>An address of a host in the numeric form of <see cref="Bits"/>.</summary>
    public static SocketAddress Of(SocketFamily family, UInt128 bits, ushort port, uint scope = 0) =>
        new(family, bits, port, scope, null);

    /// <summary>An IP address and a port.</summary>
    public static SocketAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? new SocketAddress(
                SocketFamily.IPv4,
                BinaryPrimitives.ReadUInt32BigEndian(bytes),
                checked((ushort)port),
                0,
                null
            )
            : new SocketAddress(
                SocketFamily.IPv6,
                BinaryPrimitives.ReadUInt128BigEndian(bytes),
                checked((ushort)port),
                (uint)address.ScopeId,
                null
            );
    }

    public static SocketAddress From(IPEndPoint endPoint) => From(endPoint.Address, endPoint.Port);

    /// <summary>A Unix path, or with a leading <c>@</c> an abstract name.</summary>
    /// <exception cref="ArgumentException">The path is empty or longer than the kernel can hold.</exception>
    public static SocketAddress Unix(string path) =>
        IsUnixPath(path)
            ? new SocketAddress(SocketFamily.Unix, default, 0, 0, path)
            : throw new ArgumentException(
                $"A socket path has 1 to {MaxPathLength - 1} bytes, this has {Encoding.UTF8.GetByteCount(path)}."
            );

    /// <summary>Whether the kernel can hold it.</summary>
    public static bool IsUnixPath(string path) => Encoding.UTF8.GetByteCount(path) is > 0 and < MaxPathLength;

    /// <summary>Reads what the kernel wrote; an address of an unknown family becomes the default value.</summary>
    public static SocketAddress Decode(ReadOnlySpan<byte> source)
    {
        var family = source.Length < 2 ? SocketFamily.None : (SocketFamily)BitConverter.ToUInt16(source);
        return family switch
        {
            SocketFamily.IPv4 when source.Length >= 8 => new SocketAddress(
                family,
                BinaryPrimitives.ReadUInt32BigEndian(source[4..]),
                BinaryPrimitives.ReadUInt16BigEndian(source[2..]),
                0,
                null
            ),
            SocketFamily.IPv6 when source.Length >= LengthIPv6 => new SocketAddress(
                family,
                BinaryPrimitives.ReadUInt128BigEndian(source[8..]),
                BinaryPrimitives.ReadUInt16BigEndian(source[2..]),
                BitConverter.ToUInt32(source[24..]),
                null
            ),
            SocketFamily.Unix => new SocketAddress(family, default, 0, 0, DecodePath(source[2..])),
            _ => default,
        };
    }

    /// <summary>Writes the kernel's form and returns its length.</summary>
    public int Encode(Span<byte> destination)
    {
        BitConverter.TryWriteBytes(destination, (ushort)Family);
        switch (Family)
        {
            case SocketFamily.IPv4:
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], _port);
                BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)_address);
                destination[8..LengthIPv4].Clear();
                return LengthIPv4;
            case SocketFamily.IPv6:
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], _port);
                BitConverter.TryWriteBytes(destination[4..], 0);
                BinaryPrimitives.WriteUInt128BigEndian(destination[8..], _address);
                BitConverter.TryWriteBytes(destination[24..], _scope);
                return LengthIPv6;
            default:
                return EncodePath(destination);
        }
    }

    /// <summary>The same host with another port.</summary>
    public SocketAddress WithPort(ushort port) => new(Family, _address, port, _scope, _path);

    /// <exception cref="InvalidOperationException">This is not an IP address.</exception>
    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return Family switch
        {
            SocketFamily.IPv4 => new IPEndPoint(new IPAddress(bytes[12..]), _port),
            SocketFamily.IPv6 => new IPEndPoint(new IPAddress(bytes, _scope), _port),
            _ => throw new InvalidOperationException($"{Family} has no address and port."),
        };
    }

    public bool Equals(SocketAddress other) =>
        _address == other._address
        && _port == other._port
        && Family == other.Family
        && _scope == other._scope
        && (ReferenceEquals(_path, other._path) || string.Equals(_path, other._path, StringComparison.Ordinal));

    public override bool Equals(object? obj) => obj is SocketAddress other && Equals(other);

    public override int GetHashCode() =>
        _path is null
            ? HashCode.Combine((ulong)_address, (ulong)(_address >> 64), _port, _scope)
            : string.GetHashCode(_path, StringComparison.Ordinal);

    public override string ToString() =>
        Family switch
        {
            SocketFamily.None => "none",
            SocketFamily.Unix => $"unix:{_path}",
            _ => ToIPEndPoint().ToString(),
        };

    private static string DecodePath(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return "";
        }
        if (path[0] == 0)
        {
            return "@" + Encoding.UTF8.GetString(path[1..]);
        }
        var end = path.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
    }

    private int EncodePath(Span<byte> destination)
    {
        if (string.IsNullOrEmpty(_path))
        {
            return sizeof(ushort);
        }
        var length = 2 + Encoding.UTF8.GetBytes(_path, destination[2..]);
        if (_path[0] == '@')
        {
            destination[2] = 0;
            return length;
        }
        destination[length] = 0;
        return length + 1;
    }
}

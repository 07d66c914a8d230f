using System.Diagnostics.CodeAnalysis;
using System.Text;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// Unix addresses as the kernel writes them. A client is looked for by these, so that its name becomes a string once for
/// each session and not for each datagram.
/// </summary>
internal sealed class EncodedNames : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private EncodedNames() { }

    public static EncodedNames Comparer { get; } = new();

    /// <summary>Whose address it is; one that would not be the same when it is written again is nobody's.</summary>
    public static SocketAddress Decode(ReadOnlySpan<byte> encoded)
    {
        var address = SocketAddress.Decode(encoded);
        Span<byte> again = stackalloc byte[SocketAddress.MaxLength + 1];
        return
            address is { Family: SocketFamily.Unix, Path: not (null or "") }
            && Encoding.UTF8.GetByteCount(address.Path) <= encoded.Length - sizeof(ushort)
            && encoded.SequenceEqual(again[..address.Encode(again)])
            ? address
            : SocketAddress.AnyUnix;
    }

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>The words of version 1 (section 2.1).</summary>
internal static class ProxyText
{
    /// <summary>The longest line with its end: an unknown protocol with two IPv6 addresses and ports.</summary>
    public const int MaxLength = 107;

    public static ReadOnlySpan<byte> Signature => "PROXY "u8;

    public static ReadOnlySpan<byte> Tcp4 => "TCP4 "u8;

    public static ReadOnlySpan<byte> Tcp6 => "TCP6 "u8;

    public static ReadOnlySpan<byte> Unknown => "UNKNOWN"u8;

    public static ReadOnlySpan<byte> End => "\r\n"u8;
}

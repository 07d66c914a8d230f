namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// The PROXY protocol (haproxy's doc/proxy-protocol.txt): a proxy that opens a connection on behalf of a client first
/// sends a header that tells who the client is and whom it meant to reach. Version 1 is a line of text for TCP over
/// IPv4 and IPv6; version 2 is binary, knows datagrams and Unix sockets too, and carries further things as TLVs.
/// <para>
/// The reader is given all bytes that have come so far, and is asked again when there are more: it keeps nothing. It
/// says that they cannot be a header, or not a good one, with the first byte that shows it (only the block of version 2
/// is judged as a whole), so that nobody waits for the rest of what is wrong. Until the signature is complete they are simply something else; after it they are a broken
/// header, which is never to be taken for data: its sender meant to say who speaks.
/// </para>
/// <para>
/// Whether headers are accepted at all must not be guessed from the bytes but configured, for known senders only
/// (section 5): otherwise any client could pretend to be another.
/// </para>
/// </summary>
public static class ProxyHeaderReader
{
    /// <summary>The most bytes that a header has; nothing longer is read or written.</summary>
    public const int MaxLength = ProxyBinary.HeaderLength + ProxyBinary.MaxBlockLength;

    /// <param name="received">What has come so far, from the first byte on; what follows a header is left alone.</param>
    /// <param name="header">What it says, when it is complete.</param>
    /// <param name="error">Why it is invalid.</param>
    public static ProxyReading Read(ReadOnlySpan<byte> received, out ProxyHeader header, out string? error)
    {
        header = default;
        error = null;
        if (received.IsEmpty)
        {
            return ProxyReading.NeedMore;
        }

        var isText = received[0] == ProxyText.Signature[0];
        var signature = isText ? ProxyText.Signature : ProxyBinary.Signature;
        var compared = Math.Min(received.Length, signature.Length);
        if (!received[..compared].SequenceEqual(signature[..compared]))
        {
            return ProxyReading.Absent;
        }

        return compared < signature.Length ? ProxyReading.NeedMore
            : isText ? new ProxyTextReader(received).Read(out header, out error)
            : ProxyBinaryReader.Read(received, out header, out error);
    }
}

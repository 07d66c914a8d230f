namespace Fulcrum.Protocols.Tls;

/// <summary>
/// What a client says before anything is encrypted. The spans lie in the bytes that were read or in the scratch, and
/// live as long as those are left alone.
/// </summary>
public readonly ref struct ClientHello
{
    /// <summary>
    /// The name that the client wants to reach, in lower case and without a dot at its end; empty when it says none.
    /// With an encrypted hello this is the outer name, that of who can decrypt it.
    /// </summary>
    public ReadOnlySpan<byte> ServerName { get; init; }

    /// <summary>What the client would speak, in its order; empty when it does not say.</summary>
    public AlpnProtocols Protocols { get; init; }

    /// <summary>The version in the message itself: 0x0303 for TLS 1.2, and for all that comes after it.</summary>
    public required ushort LegacyVersion { get; init; }

    /// <summary>The versions that the client supports, if it lists them.</summary>
    public TlsVersions Versions { get; init; }

    /// <summary>Whether it asks to resume a session by its number, or pretends to (RFC 8446 appendix D.4).</summary>
    public required bool HasSessionId { get; init; }

    /// <summary>The newest version that the client supports.</summary>
    public ushort NewestVersion => Versions.Newest is var newest and not 0 ? newest : LegacyVersion;
}

namespace Fulcrum.Tls.Engine;

/// <summary>Why a handshake, or what came after it, has failed.</summary>
public enum TlsFailure
{
    /// <summary>There is no version of TLS that both would speak.</summary>
    Version,

    /// <summary>There is no cipher, group or kind of signature that both would use.</summary>
    Cipher,

    /// <summary>The peer's certificate is not to be trusted; <see cref="TlsEngine.CertificateProblem"/> tells why.</summary>
    Certificate,

    /// <summary>The client has shown no certificate.</summary>
    CertificateRequired,

    /// <summary>The client's certificate is good, and its subject none of those that are let in.</summary>
    Subject,

    /// <summary>There is no protocol that both would speak above TLS.</summary>
    Alpn,

    /// <summary>The peer's certificate is for somebody else.</summary>
    Name,

    /// <summary>The peer has given up, and told so by an alert: <see cref="TlsEngine.PeerAlert"/>.</summary>
    Alert,

    /// <summary>What came is not TLS, or breaks its rules.</summary>
    Protocol,

    /// <summary>Anything else.</summary>
    Other,
}

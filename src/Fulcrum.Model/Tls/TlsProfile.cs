namespace Fulcrum.Model.Tls;

/// <summary>How much a server expects of its clients, by Mozilla's names.</summary>
public enum TlsProfile
{
    /// <summary>TLS 1.2 and later, with ciphers that have forward secrecy and authentication built in.</summary>
    Intermediate,

    /// <summary>TLS 1.3 only.</summary>
    Modern,
}

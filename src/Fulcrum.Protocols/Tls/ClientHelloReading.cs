namespace Fulcrum.Protocols.Tls;

/// <summary>What the first bytes of a connection are.</summary>
public enum ClientHelloReading
{
    /// <summary>They begin as TLS does, and there is more to come.</summary>
    NeedMore,
    Complete,

    /// <summary>They are something else.</summary>
    NotTls,

    /// <summary>They are TLS, but no client can mean this.</summary>
    Invalid,
}

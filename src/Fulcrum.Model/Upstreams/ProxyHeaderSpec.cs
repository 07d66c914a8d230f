using Fulcrum.Model.Values;

namespace Fulcrum.Model.Upstreams;

public enum ProxyProtocolVersion
{
    Off,
    V1,
    V2,
}

/// <summary>What a PROXY header of version 2 may say beside the addresses.</summary>
public enum ProxyHeaderField
{
    /// <summary>The TLS server name that the client asked for.</summary>
    Authority,

    /// <summary>The first application protocol that it offered.</summary>
    Alpn,

    /// <summary>Where TLS ends here: its version, whether the client has shown a certificate, and its common name.</summary>
    Ssl,

    /// <summary>A name of the session that no other has: what the proxy in front said, else as the list of sessions has it.</summary>
    UniqueId,

    /// <summary>A checksum over the header.</summary>
    Crc32c,
}

/// <summary>The PROXY header that tells a backend who the client is.</summary>
public sealed record ProxyHeaderSpec
{
    public ProxyProtocolVersion Version { get; init; } = ProxyProtocolVersion.V2;

    /// <summary>For version 2.</summary>
    public Items<ProxyHeaderField> Fields { get; init; }
}

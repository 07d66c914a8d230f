namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// What a TLV is about. Any other number may come too: those from 0xE0 to 0xEF belong to applications, and clouds have
/// theirs among them.
/// </summary>
public enum ProxyTlvType : byte
{
    None = 0,
    Alpn = 0x01,
    Authority = 0x02,
    Crc32C = 0x03,
    NoOperation = 0x04,
    UniqueId = 0x05,
    Ssl = 0x20,

    // These five stand inside of Ssl.
    SslVersion = 0x21,
    SslCommonName = 0x22,
    SslCipher = 0x23,
    SslSignatureAlgorithm = 0x24,
    SslKeyAlgorithm = 0x25,

    NetworkNamespace = 0x30,

    /// <summary>Google Cloud: the number of a Private Service Connect, eight bytes.</summary>
    GoogleCloud = 0xE0,

    /// <summary>Amazon Web Services: the name of a VPC end point, after a byte that says so.</summary>
    Amazon = 0xEA,

    /// <summary>Azure: the number of a private end point, after a byte that says so.</summary>
    Azure = 0xEE,
}

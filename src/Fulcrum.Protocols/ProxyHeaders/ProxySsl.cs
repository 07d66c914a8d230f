using System.Buffers.Binary;

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>The value of the TLV about TLS: flags, the outcome of verification, and TLVs of its own (section 2.2.6).</summary>
public readonly ref struct ProxySsl
{
    /// <summary>Bytes before the inner TLVs.</summary>
    internal const int HeaderLength = 5;

    private ProxySsl(ReadOnlySpan<byte> value)
    {
        Client = (ProxySslFlags)value[0];
        Verify = BinaryPrimitives.ReadUInt32BigEndian(value[1..]);
        Tlvs = new ProxyTlvs(value[HeaderLength..]);
    }

    public ProxySslFlags Client { get; }

    /// <summary>0 when the client showed a certificate and it was found good.</summary>
    public uint Verify { get; }

    /// <summary>Version, common name, cipher and algorithms, each as text.</summary>
    public ProxyTlvs Tlvs { get; }

    public static bool TryRead(ReadOnlySpan<byte> value, out ProxySsl ssl)
    {
        ssl = value.Length < HeaderLength ? default : new ProxySsl(value);
        return value.Length >= HeaderLength && ssl.Tlvs.AreWhole;
    }
}

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>One thing more that a header says: its type and the bytes of its value.</summary>
public readonly ref struct ProxyTlv
{
    /// <summary>Bytes before the value: the type and a length of two bytes.</summary>
    internal const int HeaderLength = 3;

    internal ProxyTlv(ProxyTlvType type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    public ProxyTlvType Type { get; }

    public ReadOnlySpan<byte> Value { get; }
}

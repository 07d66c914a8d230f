using System.Buffers.Binary;

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// TLVs one after the other, to be gone through with <c>foreach</c>. The reader of headers gives only such as are whole;
/// of others the enumeration ends before the first that is not.
/// </summary>
public readonly ref struct ProxyTlvs
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal ProxyTlvs(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>Whether nothing is left when all of them are read.</summary>
    internal bool AreWhole
    {
        get
        {
            var all = GetEnumerator();
            while (all.MoveNext()) { }

            return all.IsAtEnd;
        }
    }

    /// <summary>The value of the first TLV of a type.</summary>
    public bool TryGet(ProxyTlvType type, out ReadOnlySpan<byte> value)
    {
        foreach (var tlv in this)
        {
            if (tlv.Type == type)
            {
                value = tlv.Value;
                return true;
            }
        }

        value = [];
        return false;
    }

    public Enumerator GetEnumerator() => new(_bytes);

    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        public ProxyTlv Current { get; private set; }

        internal readonly bool IsAtEnd => _rest.IsEmpty;

        public bool MoveNext()
        {
            if (_rest.Length < ProxyTlv.HeaderLength)
            {
                return false;
            }

            var end = ProxyTlv.HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_rest[1..]);
            if (end > _rest.Length)
            {
                return false;
            }

            Current = new ProxyTlv((ProxyTlvType)_rest[0], _rest[ProxyTlv.HeaderLength..end]);
            _rest = _rest[end..];
            return true;
        }
    }
}

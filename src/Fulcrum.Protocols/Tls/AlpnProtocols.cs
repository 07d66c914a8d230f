namespace Fulcrum.Protocols.Tls;

/// <summary>Names of protocols, each behind its length (RFC 7301 section 3.1); the reader has seen that they are whole.</summary>
public readonly ref struct AlpnProtocols
{
    internal AlpnProtocols(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>As they stand in the hello, to be handed on.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public bool IsEmpty => Bytes.IsEmpty;

    public bool Contains(ReadOnlySpan<byte> protocol)
    {
        foreach (var offered in this)
        {
            if (offered.SequenceEqual(protocol))
            {
                return true;
            }
        }

        return false;
    }

    public Enumerator GetEnumerator() => new(Bytes);

    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        public ReadOnlySpan<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var end = 1 + _rest[0];
            Current = _rest[1..end];
            _rest = _rest[end..];
            return true;
        }
    }
}

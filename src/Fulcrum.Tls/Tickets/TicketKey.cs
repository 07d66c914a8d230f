namespace Fulcrum.Tls.Tickets;

/// <summary>What protects tickets for a while (RFC 5077 section 4): 16 bytes of name, 32 for AES-256, 32 for HMAC-SHA256.</summary>
internal sealed class TicketKey
{
    public const int NameLength = 16;
    public const int KeyLength = 32;
    public const int Length = NameLength + KeyLength + KeyLength;

    private readonly byte[] _bytes;

    public TicketKey(long period, byte[] bytes) => (Period, _bytes) = (period, bytes);

    /// <summary>Which it is for, counted from some beginning.</summary>
    public long Period { get; }

    public ReadOnlySpan<byte> Name => _bytes.AsSpan(0, NameLength);

    public ReadOnlySpan<byte> CipherKey => _bytes.AsSpan(NameLength, KeyLength);

    public ReadOnlySpan<byte> MacKey => _bytes.AsSpan(NameLength + KeyLength, KeyLength);
}

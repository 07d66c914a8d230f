using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Tickets;

/// <summary>
/// The keys of the tickets that servers give to clients, so that these can resume without the server keeping anything
/// (RFC 5077, RFC 8446 section 4.6.1). The newest one protects; a few older ones still open, and what they opened is
/// renewed. Who gets hold of a key can read what was said under its tickets, so it is never stored and soon forgotten.
/// <para>
/// Nodes that know the same secret derive the same keys from it and the time (HKDF, RFC 5869), and resume each other's
/// connections. Their clocks may differ: the key of the period to come opens already. Without a secret keys are random.
/// </para>
/// One serves many contexts and all loops.
/// </summary>
public sealed unsafe class TicketKeys
{
    internal const int MinimumSecret = 32;

    private const int BlockLength = 16;
    private const int Tls13 = 0x0304;

    private const int Error = -1;
    private const int Unknown = 0;
    private const int Done = 1;
    private const int DoneAndRenew = 2;

    private static readonly nint Cipher = FindCipher();

    private readonly TimeProvider _time;
    private readonly TimeSpan _every;
    private readonly long _start;
    private volatile TicketRing _ring;

    /// <param name="secret">What the nodes of a group have in common, at least 32 bytes. Null: nodes keep to themselves.</param>
    /// <param name="every">For how long a key protects. Null: 12 hours.</param>
    public TicketKeys(TimeProvider time, ReadOnlyMemory<byte>? secret = null, TimeSpan? every = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _every, _start) = (time, every ?? TimeSpan.FromHours(12), time.GetTimestamp());
        var bytes = secret is { } given ? Long(given) : null;
        _ring = TicketRing.Of(Period(bytes is not null), bytes);
    }

    internal ReadOnlySpan<byte> NewestName => Current.Newest.Name;

    private TicketRing Current
    {
        get
        {
            var ring = _ring;
            var period = Period(ring.HasSecret);
            if (ring.Period == period)
            {
                return ring;
            }
            // Of two loops that see a new period at once one is first, and both take its key.
            _ = Interlocked.CompareExchange(ref _ring, ring.Next(period), ring);
            return _ring;
        }
    }

    /// <summary>
    /// New tickets are protected by another secret; what those of the former one protect opens for as long as it would have.
    /// For keys that come of a secret.
    /// </summary>
    /// <exception cref="TlsException">It is too short.</exception>
    public void Change(ReadOnlyMemory<byte> secret)
    {
        var bytes = Long(secret);
        TicketRing ring;
        do
        {
            ring = _ring;
        } while (Interlocked.CompareExchange(ref _ring, ring.With(Period(hasSecret: true), bytes), ring) != ring);
    }

    /// <summary>Sets up the protection of a ticket that begins with the name and the start.</summary>
    internal int Protect(byte* name, byte* start, nint cipher, nint mac)
    {
        var key = Current.Newest;
        key.Name.CopyTo(new Span<byte>(name, TicketKey.NameLength));
        fixed (byte* cipherKey = key.CipherKey)
        {
            return
                Crypto.Random(start, BlockLength) == 1
                && Crypto.BeginEncrypting(cipher, Cipher, cipherKey, start, 0) == 1
                && SetMac(mac, key)
                ? Done
                : Error;
        }
    }

    /// <summary>Sets up the opening of a ticket, unless its key is forgotten.</summary>
    internal int Open(nint ssl, byte* name, byte* start, nint cipher, nint mac)
    {
        var ring = Current;
        if (ring.Find(new ReadOnlySpan<byte>(name, TicketKey.NameLength)) is not { } key)
        {
            return Unknown;
        }
        fixed (byte* cipherKey = key.CipherKey)
        {
            if (!SetMac(mac, key) || Crypto.BeginDecrypting(cipher, Cipher, cipherKey, start, 0) != 1)
            {
                return Error;
            }
        }
        // Clients use a ticket of TLS 1.3 once, so they need the next.
        return key == ring.Newest && Ssl.VersionOf(ssl) < Tls13 ? Done : DoneAndRenew;
    }

    private static byte[] Long(ReadOnlyMemory<byte> secret) =>
        secret.Length >= MinimumSecret
            ? secret.ToArray()
            : throw new TlsException($"the secret of ticket keys has to have at least {MinimumSecret} bytes");

    // Random keys follow the monotonic clock. Keys of a group have to follow the one that its nodes share.
    private long Period(bool hasSecret) =>
        hasSecret
            ? (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / _every.Ticks
            : _time.GetElapsedTime(_start).Ticks / _every.Ticks;

    private static bool SetMac(nint mac, TicketKey key)
    {
        fixed (
            byte* value = key.MacKey,
                keyName = "key\0"u8,
                digestName = "digest\0"u8,
                digest = "SHA256\0"u8
        )
        {
            var parameters = stackalloc Parameter[3];
            parameters[0] = Parameter.OfOctets(keyName, value, TicketKey.KeyLength);
            parameters[1] = Parameter.OfText(digestName, digest, 0);
            parameters[2] = default;
            return Crypto.SetMac(mac, parameters) == 1;
        }
    }

    private static nint FindCipher()
    {
        fixed (byte* name = "AES-256-CBC\0"u8)
        {
            return Crypto.FindCipher(0, name, null) is var cipher and not 0
                ? cipher
                : throw TlsException.FromLibrary("the library has no AES-256-CBC");
        }
    }
}

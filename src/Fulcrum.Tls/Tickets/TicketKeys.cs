using System.Security.Cryptography;
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
    private const int Older = 2;
    private const int MinimumSecret = 32;
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
    private readonly byte[]? _secret;
    private volatile TicketKey[] _keys;

    /// <param name="secret">What the nodes of a group have in common, at least 32 bytes. Null: nodes keep to themselves.</param>
    /// <param name="every">For how long a key protects. Null: 12 hours.</param>
    public TicketKeys(TimeProvider time, ReadOnlyMemory<byte>? secret = null, TimeSpan? every = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (secret is { Length: < MinimumSecret })
        {
            throw new TlsException($"the secret of ticket keys has to have at least {MinimumSecret} bytes");
        }
        (_time, _every, _start) = (time, every ?? TimeSpan.FromHours(12), time.GetTimestamp());
        _secret = secret?.ToArray();
        _keys = KeysOf(Period(), []);
    }

    internal ReadOnlySpan<byte> NewestName => Newest(Current).Name;

    /// <summary>The newest first.</summary>
    private TicketKey[] Current
    {
        get
        {
            var keys = _keys;
            var period = Period();
            if (Newest(keys).Period == period)
            {
                return keys;
            }
            // Of two loops that see a new period at once one is first, and both take its key.
            _ = Interlocked.CompareExchange(ref _keys, KeysOf(period, keys), keys);
            return _keys;
        }
    }

    /// <summary>Sets up the protection of a ticket that begins with the name and the start.</summary>
    internal int Protect(byte* name, byte* start, nint cipher, nint mac)
    {
        var key = Newest(Current);
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
        var keys = Current;
        if (Find(keys, new ReadOnlySpan<byte>(name, TicketKey.NameLength)) is not { } key)
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
        return key == Newest(keys) && Ssl.VersionOf(ssl) < Tls13 ? Done : DoneAndRenew;
    }

    private static TicketKey? Find(TicketKey[] keys, ReadOnlySpan<byte> name)
    {
        foreach (var key in keys)
        {
            if (key.Name.SequenceEqual(name))
            {
                return key;
            }
        }
        return null;
    }

    /// <summary>That of the running period, which stands first; the one to come stands last.</summary>
    private static TicketKey Newest(TicketKey[] keys) => keys[0];

    // Random keys follow the monotonic clock. Keys of a group have to follow the one that its nodes share.
    private long Period() =>
        _secret is null
            ? _time.GetElapsedTime(_start).Ticks / _every.Ticks
            : (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / _every.Ticks;

    private TicketKey[] KeysOf(long period, TicketKey[] before) =>
        _secret is null
            ? [NewKey(period), .. before.Where(key => key.Period >= period - Older)]
            : [.. Enumerable.Range(0, 1 + Older).Select(age => Derive(period - age)), Derive(period + 1)];

    private static TicketKey NewKey(long period) => new(period, RandomNumberGenerator.GetBytes(TicketKey.Length));

    private TicketKey Derive(long period)
    {
        var info = System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"fulcrum ticket key {period}"));
        return new(period, HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret!, TicketKey.Length, null, info));
    }

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

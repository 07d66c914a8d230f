using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fulcrum.Tls.Tickets;

/// <summary>The keys of one period. Immutable: the next period, or another secret, has a ring of its own.</summary>
internal sealed class TicketRing
{
    private const int Older = 2;

    /// <summary>Secrets that change often are no reason to keep ever more: tickets of the oldest are not opened then.</summary>
    private const int MostFormer = 16;

    private readonly byte[]? _secret;
    private readonly TicketKey[] _former;
    private readonly TicketKey[] _keys;

    private TicketRing(long period, byte[]? secret, TicketKey[] own, TicketKey[] former)
    {
        (Period, _secret, _former) = (period, secret, former);
        _keys = [.. own, .. former];
    }

    public long Period { get; }

    public bool HasSecret => _secret is not null;

    /// <summary>That of the running period.</summary>
    public TicketKey Newest => _keys[0];

    /// <param name="secret">Null: keys are random.</param>
    public static TicketRing Of(long period, byte[]? secret) =>
        new(period, secret, secret is null ? [NewKey(period)] : Derive(secret, period), []);

    public TicketRing Next(long period) =>
        new(
            period,
            _secret,
            _secret is null ? [NewKey(period), .. Lasting(_keys, period)] : Derive(_secret, period),
            _secret is null ? [] : Lasting(_former, period)
        );

    /// <summary>What the keys of the former secret protect opens until they are old; that of the period to come is among them.</summary>
    public TicketRing With(long period, byte[] secret) =>
        _secret.AsSpan().SequenceEqual(secret)
            ? Next(period)
            : new(period, secret, Derive(secret, period), [.. Lasting(_keys, period).Take(MostFormer)]);

    /// <summary>Null: it is forgotten, or was never ours.</summary>
    public TicketKey? Find(ReadOnlySpan<byte> name)
    {
        foreach (var key in _keys)
        {
            if (key.Name.SequenceEqual(name))
            {
                return key;
            }
        }
        return null;
    }

    private static TicketKey[] Lasting(TicketKey[] keys, long period) =>
        Array.FindAll(keys, key => key.Period >= period - Older);

    private static TicketKey NewKey(long period) => new(period, RandomNumberGenerator.GetBytes(TicketKey.Length));

    private static TicketKey[] Derive(byte[] secret, long period) =>
        [
            .. Enumerable.Range(0, 1 + Older).Select(age => DeriveOne(secret, period - age)),
            DeriveOne(secret, period + 1),
        ];

    private static TicketKey DeriveOne(byte[] secret, long period)
    {
        var info = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"fulcrum ticket key {period}"));
        return new(period, HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, TicketKey.Length, null, info));
    }
}

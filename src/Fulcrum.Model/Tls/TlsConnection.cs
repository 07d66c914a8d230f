using System.Net;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tls;

public enum TlsVerify
{
    /// <summary>Against the system's authorities.</summary>
    System,

    /// <summary>Against <see cref="TlsConnection.Authorities"/>.</summary>
    Authorities,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>TLS towards a backend.</summary>
public sealed record TlsConnection
{
    public TlsVerify Verify { get; init; }

    /// <summary>A file of authorities' certificates.</summary>
    public string? Authorities { get; init; }

    /// <summary>A file of the authorities' lists of certificates that they have taken back (RFC 5280 section 5).</summary>
    public string? Revocations { get; init; }

    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>The name asked for and verified. Null: the backend's name, if it has one.</summary>
    public string? ServerName { get; init; }

    public Items<string> Alpn { get; init; }

    /// <summary>A certificate that expires sooner is warned of.</summary>
    public TimeSpan WarnBefore { get; init; } = TimeSpan.FromDays(14);

    /// <summary>What we show when asked.</summary>
    public CertificateReference? Certificate { get; init; }

    /// <summary>All files that it is read from.</summary>
    public IEnumerable<string> Files =>
        new[] { Verify == TlsVerify.Authorities ? Authorities : null, Revocations }
            .OfType<string>()
            .Concat(Certificate?.Files ?? []);

    /// <summary>Name or address that the backend's certificate has to be for. Null: nothing is known of it.</summary>
    /// <param name="name">As the backend is written; null: by an address.</param>
    public string? NameOf(string? name, IPAddress? address) => ServerName ?? name ?? TextOf(address);

    // Without scope: a certificate is for an address on any interface.
    private static string? TextOf(IPAddress? address) =>
        address is null
            ? null
            : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes())).ToString();
}

using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tls;

/// <summary>A certificate chain with its key, in one file or two.</summary>
public sealed record CertificateReference(string File, string? KeyFile, SecretReference? Passphrase)
{
    /// <summary>What its authority says of it (RFC 6960, DER), for clients that ask. Null: nothing.</summary>
    public string? OcspFile { get; init; }

    /// <summary>All files that it is read from.</summary>
    public IEnumerable<string> Files => new[] { File, KeyFile, Passphrase?.File, OcspFile }.OfType<string>();
}

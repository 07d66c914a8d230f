using System.Security.Authentication;

namespace Fulcrum.Health.Tls;

/// <summary>What a handshake ended in.</summary>
/// <param name="Alpn">The protocol that the server chose (RFC 7301); null: none.</param>
/// <param name="NotAfter">When the server's certificate expires.</param>
/// <param name="Names">The names in the server's certificate, the first ones.</param>
internal sealed record TlsSession(
    SslProtocols Version,
    string? Alpn,
    DateTimeOffset NotAfter,
    IReadOnlyList<string> Names
);

namespace Fulcrum.Engine.Ports;

/// <summary>
/// What planes show to authorities: to a client that offers <c>acme-tls/1</c> and nothing else (RFC 8737 section 3).
/// The session ends with the handshake.
/// </summary>
public interface IAcmeChallenges
{
    /// <summary>Null: nobody is expected to ask for this name, and the handshake fails. From any thread; does not wait.</summary>
    AcmeChallengeCertificate? Find(string serverName);
}

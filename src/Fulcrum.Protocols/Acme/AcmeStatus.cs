namespace Fulcrum.Protocols.Acme;

/// <summary>Of orders, authorizations, challenges and accounts (RFC 8555 section 7.1.6).</summary>
public enum AcmeStatus
{
    Pending,
    Ready,
    Processing,
    Valid,
    Invalid,
    Deactivated,
    Expired,
    Revoked,
}

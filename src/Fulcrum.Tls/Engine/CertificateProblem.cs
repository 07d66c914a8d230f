namespace Fulcrum.Tls.Engine;

/// <summary>Why a peer's certificate is not to be trusted.</summary>
public enum CertificateProblem
{
    None,

    /// <summary>Nobody whom we trust has signed it, directly or through the chain that came with it.</summary>
    UnknownAuthority,

    Expired,

    NotYetValid,

    Revoked,

    /// <summary>There is no revocation list of its authority, or none that is in force.</summary>
    RevocationUnknown,

    /// <summary>It is for another name or address.</summary>
    WrongName,

    /// <summary>It is meant for something else, such as for servers when a client shows it.</summary>
    WrongPurpose,

    /// <summary>Nothing, but its subject is none of those that are let in.</summary>
    ForeignSubject,

    Other,
}

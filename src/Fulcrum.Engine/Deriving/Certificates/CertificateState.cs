namespace Fulcrum.Engine.Deriving.Certificates;

/// <summary>How what clients are shown stands in time.</summary>
public enum CertificateState
{
    /// <summary>None was got yet, and nothing went wrong so far.</summary>
    Pending,

    /// <summary>Nothing can be shown: there is nothing usable.</summary>
    Missing,

    /// <summary>It is shown, and does not hold yet.</summary>
    NotYetValid,
    Valid,

    /// <summary>It holds, and not for long.</summary>
    Expiring,
    Expired,
}

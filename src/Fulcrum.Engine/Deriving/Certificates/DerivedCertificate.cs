using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Deriving.Certificates;

/// <summary>What is thought of one certificate that clients are shown.</summary>
public sealed record DerivedCertificate
{
    public required ObservedCertificate Observed { get; init; }

    public required CertificateState State { get; init; }

    public required Reason Reason { get; init; }

    /// <summary>When it becomes something else without news.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>What is wrong with its files, or those beside it. Null: nothing.</summary>
    public string? Problem => Observed.Problem ?? Observed.StapleProblem;

    /// <summary>Clients may not accept it, or its files cannot be used as they are. That it ends soon is no problem yet.</summary>
    public bool HasProblem =>
        Problem is not null
        || State is CertificateState.Missing or CertificateState.NotYetValid or CertificateState.Expired;

    /// <summary>Somebody should look, at the latest soon.</summary>
    public bool IsTroubled => HasProblem || State == CertificateState.Expiring;
}

namespace Fulcrum.Engine.Ports;

public enum AcmeState
{
    /// <summary>There is no certificate yet, or only an expired one.</summary>
    Pending,

    /// <summary>There is one, whether or not it is being renewed.</summary>
    Valid,

    /// <summary>There is none, and the last attempt failed.</summary>
    Failed,
}

/// <summary>How it stands with the certificate of one name that is got by ACME.</summary>
/// <param name="File">Where it is, or will be.</param>
public sealed record AcmeReport(string Name, string File, AcmeState State)
{
    /// <summary>An order is under way.</summary>
    public bool IsOrdering { get; init; }

    /// <summary>When an order begins, unless the authority wishes for it earlier. Null: one is under way.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>Why the last attempt failed. Null: it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Attempts that failed since the last that did not.</summary>
    public int Failures { get; init; }

    /// <summary>Until when the certificate is valid. Null: there is none.</summary>
    public DateTimeOffset? NotAfter { get; init; }
}

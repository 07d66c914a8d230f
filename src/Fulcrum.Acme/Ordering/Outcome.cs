using Fulcrum.Acme.Storage;

namespace Fulcrum.Acme.Ordering;

/// <summary>What came of work on one name.</summary>
internal abstract record Outcome
{
    /// <summary>There is a new certificate.</summary>
    public sealed record Issued(NameRecord Record, StoredCertificate Certificate) : Outcome;

    /// <summary>There is none, and why.</summary>
    /// <param name="PauseOfAll">So long nothing is asked for any name. Null: the others go on.</param>
    public sealed record Failed(NameRecord Record, string Error, TimeSpan? PauseOfAll) : Outcome;

    /// <summary>When the certificate is to be renewed, and when to ask again.</summary>
    public sealed record Told(DateTimeOffset? RenewAt, DateTimeOffset NextLook) : Outcome;

    /// <summary>It was stopped; what is written down holds.</summary>
    public sealed record Stopped : Outcome;
}

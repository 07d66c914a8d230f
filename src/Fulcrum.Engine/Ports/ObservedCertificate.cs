using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>A certificate that a plane shows to clients, or to backends that ask, or would if it could.</summary>
/// <param name="Name">The file, or the name that it is got for by ACME.</param>
/// <param name="UsedBy">Services that show it.</param>
public sealed record ObservedCertificate(string Name, Items<string> UsedBy)
{
    /// <summary>It is got by ACME.</summary>
    public bool IsAcme { get; init; }

    /// <summary>What is in use. Null: nothing usable was read yet.</summary>
    public CertificateFacts? Facts { get; init; }

    /// <summary>Why the files as they are cannot be used. Null: they are in use.</summary>
    public string? Problem { get; init; }

    /// <summary>Why what its authority says of it is not stapled. Null: it is, or there is nothing.</summary>
    public string? StapleProblem { get; init; }
}

namespace Fulcrum.Engine.Ports;

/// <summary>Tells how it stands with certificates that are got by ACME.</summary>
public interface IAcmeReader
{
    /// <summary>By the name; a list that does not change.</summary>
    IReadOnlyList<AcmeReport> Certificates { get; }
}

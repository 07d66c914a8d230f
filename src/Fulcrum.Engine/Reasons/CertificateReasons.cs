using Fulcrum.Engine.Explaining;

namespace Fulcrum.Engine.Reasons;

public sealed record CertificateValid(DateTimeOffset NotAfter) : Reason
{
    public override string Text => $"valid until {Words.Of(NotAfter)}";
}

public sealed record CertificateExpiring(DateTimeOffset NotAfter) : Reason
{
    public override string Text => $"it ends soon, at {Words.Of(NotAfter)}";
}

public sealed record CertificateExpired(DateTimeOffset NotAfter) : Reason
{
    public override string Text => $"it ended at {Words.Of(NotAfter)}";
}

/// <summary>A clock that is wrong, here or at who signed it.</summary>
public sealed record CertificateNotYetValid(DateTimeOffset NotBefore) : Reason
{
    public override string Text => $"it does not hold before {Words.Of(NotBefore)}";
}

/// <summary>There is nothing to show.</summary>
public sealed record CertificateMissing(string Problem) : Reason
{
    public override string Text => Problem;
}

/// <summary>It is being got.</summary>
public sealed record CertificatePending : Reason
{
    public override string Text => "none was got yet";
}

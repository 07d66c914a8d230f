namespace Fulcrum.Engine.Deriving.Numbers;

public enum NumberKind
{
    /// <summary>Firewall marks of services whose listeners belong together.</summary>
    ServiceMark,

    /// <summary>Indices of backends in a kernel plane's tables.</summary>
    Backend,

    /// <summary>Firewall marks of probes that go through a plane to one backend.</summary>
    ProbeMark,
}

/// <summary>Whom a sticky number belongs to.</summary>
/// <param name="Kind">Each kind has a range of its own.</param>
/// <param name="Owner">The same over reload and restart: a service's name; <c>UPSTREAM/BACKEND@ADDRESS</c>.</param>
public sealed record NumberKey(NumberKind Kind, string Owner);

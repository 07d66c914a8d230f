namespace Fulcrum.Engine.Reasons;

public enum SubjectKind
{
    Node,
    Service,
    Upstream,

    /// <summary>One membership: <c>UPSTREAM/BACKEND</c>.</summary>
    Backend,

    /// <summary>A machine's address in all upstreams.</summary>
    Host,

    /// <summary>One check of one backend: <c>UPSTREAM/BACKEND/CHECK</c>.</summary>
    Check,
    Vip,
    Announcement,
    Override,
    Plane,
    Source,
}

/// <summary>Something that facts are about, named as on the command line: <c>backend/resolvers/dns2</c>.</summary>
public sealed record Subject(SubjectKind Kind, string Name)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}/{Name}";
}

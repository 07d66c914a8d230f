using System.Diagnostics.CodeAnalysis;

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

    /// <summary>What clients are shown: its file, or the name that it is got for.</summary>
    Certificate,
}

/// <summary>Something that facts are about, named as on the command line: <c>backend/resolvers/dns2</c>.</summary>
public sealed record Subject(SubjectKind Kind, string Name)
{
    /// <summary>
    /// Reads <c>KIND/NAME</c>. Everything after the first slash is the name: names may hold slashes and colons.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Subject? subject)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        subject = null;
        foreach (var kind in Enum.GetValues<SubjectKind>())
        {
            if (
                slash > 0
                && slash + 1 < text.Length
                && text.AsSpan(0, slash).Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase)
            )
            {
                subject = new(kind, text[(slash + 1)..]);
            }
        }

        return subject is not null;
    }

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}/{Name}";
}

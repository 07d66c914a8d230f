using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Fulcrum.Model.Overrides;

public enum OverrideTargetKind
{
    Service,
    Upstream,

    /// <summary>One membership: <c>backend/UPSTREAM/NAME</c>.</summary>
    Backend,

    /// <summary>An address everywhere: <c>host/ADDRESS</c>.</summary>
    Host,
    Node,
}

/// <param name="Name">As the command line writes it, without the kind: <c>resolvers/dns2</c> for a backend.</param>
public sealed record OverrideTarget(OverrideTargetKind Kind, string Name)
{
    /// <summary>Reads <c>KIND/NAME</c>; an address is brought into its usual form.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OverrideTarget? target)
    {
        target = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || slash == text.Length - 1)
        {
            return false;
        }

        var name = text[(slash + 1)..];
        OverrideTargetKind? kind = text[..slash] switch
        {
            "service" => OverrideTargetKind.Service,
            "upstream" => OverrideTargetKind.Upstream,
            "backend" => OverrideTargetKind.Backend,
            "host" => OverrideTargetKind.Host,
            "node" => OverrideTargetKind.Node,
            _ => null,
        };
        if (kind is null || (kind == OverrideTargetKind.Backend && !name.Contains('/', StringComparison.Ordinal)))
        {
            return false;
        }

        if (kind == OverrideTargetKind.Host)
        {
            if (!IPAddress.TryParse(name, out var address))
            {
                return false;
            }

            name = address.ToString();
        }

        target = new(kind.Value, name);
        return true;
    }

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}/{Name}";
}

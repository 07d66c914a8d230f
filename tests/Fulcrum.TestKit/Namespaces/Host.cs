using System.Net;

namespace Fulcrum.TestKit.Namespaces;

/// <summary>A machine of a <see cref="Topology"/>: a namespace with a link to each segment that it is attached to.</summary>
public sealed class Host : IDisposable
{
    private const string DropTable = "fulcrum_test";

    private readonly List<Link> _links = [];
    private bool _dropping;

    internal Host(string name)
    {
        Name = name;
        Namespace = NetworkNamespace.Create(name);
        // Link-local addresses come by themselves; without this they are tentative for a second or two.
        Namespace.Sysctl("net.ipv6.conf.default.accept_dad", "0");
    }

    public string Name { get; }

    public NetworkNamespace Namespace { get; }

    public IReadOnlyList<Link> Links => _links;

    /// <summary>The link to the first segment.</summary>
    public Link Link => _links[0];

    /// <summary>The IPv4 address on the first link.</summary>
    public IPAddress Address => Link.Address;

    /// <summary>The IPv6 address on the first link.</summary>
    public IPAddress Address6 => Link.Address6;

    /// <summary>Plugs the host into a segment.</summary>
    public Link Attach(Segment segment)
    {
        var link = new Link(this, segment, $"eth{_links.Count}");
        _links.Add(link);
        return link;
    }

    /// <summary>
    /// Drops without a word what comes in or goes out and matches, in nft's words: <c>tcp dport 80</c>,
    /// <c>iifname "eth0"</c>. Several calls add up; <see cref="Heal"/> ends them all. ARP is not IP and passes.
    /// </summary>
    public void Drop(string match)
    {
        var rules = "";
        foreach (var (chain, other) in new[] { ("input", "oifname"), ("forward", ""), ("output", "iifname") })
        {
            // A chain only knows one of the two interfaces; a match on the other would be refused.
            if (other.Length > 0 && match.Contains(other, StringComparison.Ordinal))
            {
                continue;
            }

            rules += $$"""
                chain {{chain}} {
                  type filter hook {{chain}} priority -300;
                  {{match}} drop
                }

                """;
        }

        Namespace.Run(() => Tool.RunWithInput("nft", $"table inet {DropTable} {{\n{rules}}}\n", "-f", "-"));
        _dropping = true;
    }

    /// <summary>Ends what <see cref="Drop"/> began.</summary>
    public void Heal()
    {
        if (_dropping)
        {
            Namespace.Run("nft", "delete", "table", "inet", DropTable);
            _dropping = false;
        }
    }

    public void Dispose() => Namespace.Dispose();

    public override string ToString() => Name;
}

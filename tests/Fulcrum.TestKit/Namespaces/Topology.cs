namespace Fulcrum.TestKit.Namespaces;

/// <summary>
/// A small network for one test: Ethernet segments (each a bridge in a namespace of its own) and hosts attached to
/// them by veth pairs, addressed in IPv4 and IPv6 without duplicate address detection, so that everything is
/// reachable at once. Segment <c>k</c> is <c>10.0.k.0/24</c> and <c>fd00:0:0:k::/64</c>; the documentation ranges
/// stay free for virtual addresses. Nothing outside is touched.
/// </summary>
public sealed class Topology : IDisposable
{
    private readonly List<Segment> _segments = [];
    private readonly List<Host> _hosts = [];

    /// <summary>A network with one segment. Skips the test without root or without <c>ip</c>.</summary>
    public Topology() => AddSegment();

    /// <summary>The first segment.</summary>
    public Segment Segment => _segments[0];

    /// <summary>One more Ethernet.</summary>
    public Segment AddSegment()
    {
        var segment = new Segment(_segments.Count + 1);
        _segments.Add(segment);
        return segment;
    }

    /// <summary>A host attached to <paramref name="segments"/> in that order (eth0, eth1 …); to the first one if none is named.</summary>
    public Host AddHost(string name, params ReadOnlySpan<Segment> segments)
    {
        var host = new Host(name);
        _hosts.Add(host);
        foreach (var segment in segments.IsEmpty ? [Segment] : segments)
        {
            host.Attach(segment);
        }

        return host;
    }

    public void Dispose()
    {
        foreach (var host in _hosts)
        {
            host.Dispose();
        }

        foreach (var segment in _segments)
        {
            segment.Dispose();
        }
    }
}

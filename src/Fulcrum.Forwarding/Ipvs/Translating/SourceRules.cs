using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.SourceNat;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Model.Services;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Forwarding.Ipvs.Translating;

/// <summary>What the servers of one service of the kernel's table see instead of clients' addresses.</summary>
internal sealed class SourceRules
{
    private readonly List<byte> _protocols = [];

    /// <param name="marked">The listeners that it carries together; empty: only <paramref name="listener"/>.</param>
    public SourceRules(IpvsServiceKey key, Listener listener, ReadOnlySpan<Listener> marked)
    {
        foreach (var one in marked.IsEmpty ? [listener] : marked)
        {
            // A mark may stand on whatever has ports.
            byte[] protocols =
                key.Protocol > 0 ? [key.Protocol]
                : one.Mark is null ? [MarkRules.ProtocolOf(one.Protocol)]
                : [6, 17, 132];
            _protocols.AddRange(protocols.Except(_protocols));
        }
    }

    public List<SourceRule> All { get; } = [];

    /// <summary>Why some of it cannot be had; null: all can.</summary>
    public string? Problem { get; private set; }

    public void Add(PlaneDestination destination, PlaneBackend backend, IpvsDestination server)
    {
        var connect = backend.Connect ?? destination.Upstream.Connect;
        var family = server.Address.AddressFamily;
        var sources = connect.Source.Where(address => address.AddressFamily == family).ToList();
        if (destination.Forward != Forward.Nat || sources.Count == 0)
        {
            return;
        }

        foreach (var protocol in _protocols)
        {
            var rule = new SourceRule
            {
                Backend = server.Address,
                Protocol = protocol,
                Port = server.Port == 0 ? null : server.Port,
                First = sources[0],
                Last = sources.Count > 1 ? sources[^1] : null,
            };
            if (!SourceAddresses.Of(rule).SequenceEqual(sources))
            {
                Problem = $"its sources {string.Join(", ", sources)} are not in a row, or too many";
                return;
            }

            All.Add(rule);
        }
    }
}

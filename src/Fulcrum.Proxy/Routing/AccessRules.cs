using System.Net;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Routing;

/// <summary>
/// Who may use a service: the most specific prefix that holds the client decides. One table of prefixes for each
/// length that occurs, asked from the longest down, so that the cost is the number of lengths and not of prefixes.
/// IPv4 is asked in its v4-mapped form (RFC 4291 section 2.5.5.2).
/// </summary>
internal sealed class AccessRules
{
    private const int MappedBits = 96;

    private readonly (int Length, Dictionary<UInt128, bool> Prefixes)[] _lengths;
    private readonly bool _others;

    public AccessRules(ClientRules rules)
    {
        var lengths = new SortedDictionary<int, Dictionary<UInt128, bool>>();
        Add(rules.Allow, true);
        // A prefix in both lists is denied.
        Add(rules.Deny, false);
        _lengths = [.. lengths.Reverse().Select(pair => (pair.Key, pair.Value))];
        _others = rules.Allow.IsEmpty;

        void Add(Items<IPNetwork> networks, bool admit)
        {
            foreach (var network in networks)
            {
                var address = SocketAddress.From(network.BaseAddress, 0);
                var length = network.PrefixLength + (address.Family == SocketFamily.IPv4 ? MappedBits : 0);
                if (!lengths.TryGetValue(length, out var prefixes))
                {
                    lengths[length] = prefixes = [];
                }
                prefixes[Mapped(address) & Mask(length)] = admit;
            }
        }
    }

    public bool Admits(in SocketAddress client)
    {
        if (_lengths.Length > 0 && client.Family != SocketFamily.Unix)
        {
            var bits = Mapped(client);
            foreach (var (length, prefixes) in _lengths)
            {
                if (prefixes.TryGetValue(bits & Mask(length), out var admit))
                {
                    return admit;
                }
            }
        }
        return _others;
    }

    private static UInt128 Mapped(in SocketAddress address) =>
        address.Family == SocketFamily.IPv4 ? new UInt128(0, 0xFFFF_0000_0000) | address.Bits : address.Bits;

    private static UInt128 Mask(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
}

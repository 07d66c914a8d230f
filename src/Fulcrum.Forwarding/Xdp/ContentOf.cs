using System.Net.Sockets;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Forwarding.Xdp.Ways;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>What the tables hold of one vip.</summary>
internal static class ContentOf
{
    public static void Add(
        TableContent content,
        WantedVip vip,
        uint number,
        Func<string, uint> numberOf,
        Func<WantedBackend, BackendEntry> entryOf
    )
    {
        foreach (var backend in vip.Backends)
        {
            content.Backends[numberOf(backend.Identity)] = entryOf(backend);
        }

        var plan = RingPlan.Of(vip, numberOf);
        content.Rings[number] = plan;
        var (address, entry) = (TableAddress.Of(vip.Address), new VipEntry(number, vip.Flags, (uint)plan.Slots));
        if (vip.Ports.IsSingle)
        {
            content.Vips.TryAdd(new(address, TablePort.Of(vip.Ports.First), vip.Protocol), entry);
        }
        else
        {
            foreach (var key in RangeKey.Of(address, vip.Protocol, vip.Ports.First, vip.Ports.Last))
            {
                content.Ranges.TryAdd(key, entry);
            }
        }

        content.Addresses.Add(vip.Address);
        AddSources(content, vip, number);
    }

    public static BackendEntry Entry(WantedBackend backend, Way way, uint generation) =>
        new()
        {
            Address = TableAddress.Of(backend.Address),
            Source = (backend.Source ?? SourceOf(backend, way)) is { } source ? TableAddress.Of(source) : default,
            Generation = generation,
            Interface = (uint)way.Interface,
            Hardware = way.Hardware is { } hardware ? TableHardware.Of(hardware) : default,
            SourceHardware = way.SourceHardware is { } ours ? TableHardware.Of(ours) : default,
            Port = TablePort.Of(backend.Port),
            TunnelPort = TablePort.Of(backend.TunnelPort),
            Mtu = (ushort)Math.Min(way.Mtu, ushort.MaxValue),
            Forwarding = backend.Forwarding,
            Flags = backend.Flags,
            Vlan = way.Vlan is { } vlan ? new(vlan) : TableVlan.None,
        };

    // Only tunnels need one where none is given.
    private static System.Net.IPAddress? SourceOf(WantedBackend backend, Way way) =>
        backend.Forwarding is BackendForwarding.IpInIp or BackendForwarding.Gue ? way.Source : null;

    // All of IPv6, ::/0, is none of IPv4, although the tables hold that mapped.
    private static void AddSources(TableContent content, WantedVip vip, uint number)
    {
        foreach (var network in vip.Client.Allow.Where(IsOfVip))
        {
            content.Sources[new(number, network)] = (uint)SourceRule.Allowed;
        }

        // A prefix in both lists is denied.
        foreach (var network in vip.Client.Deny.Where(IsOfVip))
        {
            content.Sources[new(number, network)] = (uint)SourceRule.Denied;
        }

        bool IsOfVip(System.Net.IPNetwork network) =>
            network.BaseAddress.AddressFamily == vip.Address.AddressFamily
            || (network.BaseAddress.IsIPv4MappedToIPv6 && vip.Address.AddressFamily == AddressFamily.InterNetwork);
    }
}

using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Packet.Tests.Kit;

/// <summary>A lab with every way of forwarding at a port of its own, in both families.</summary>
internal static class Ways
{
    public static readonly (BackendForwarding Forwarding, int Outside)[] All =
    [
        (BackendForwarding.Direct, 0),
        (BackendForwarding.IpInIp, 4),
        (BackendForwarding.IpInIp, 6),
        (BackendForwarding.Gue, 4),
        (BackendForwarding.Gue, 6),
        (BackendForwarding.Nat, 0),
        (BackendForwarding.FullNat, 0),
    ];

    public static void Add(Lab lab)
    {
        var number = 0u;
        foreach (var family in new[] { Family.Four, Family.Six })
        {
            for (var way = 0; way < All.Length; way++)
            {
                number++;
                var (forwarding, outside) = All[way];
                lab.Backend(number, forwarding, outside == 0 ? family : Family.Of(outside));
                lab.Ring(number, number);
                foreach (var protocol in new[] { Wire.Tcp, Wire.Udp })
                {
                    lab.Program.Vips.Set(
                        new VipKey(TableAddress.Of(family.Vip), TablePort.Of(PortOf(way)), protocol),
                        new VipEntry(number, VipFlags.None, Lab.Slots)
                    );
                }
            }

            lab.Program.AddAddress(family.Vip);
        }
    }

    public static int PortOf(int way) => Family.VipPort + way;
}

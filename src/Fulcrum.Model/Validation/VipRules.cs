using System.Net;
using System.Net.Sockets;
using Fulcrum.Model.Vips;

namespace Fulcrum.Model.Validation;

internal static class VipRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("vips");
        var owners = new Dictionary<IPAddress, string>();
        foreach (var vip in snapshot.Vips)
        {
            using var at = findings.In(vip.Name);
            if (vip.Addresses.IsEmpty)
            {
                findings.Error("has no address", "'address', such as 192.0.2.80/24");
            }

            CheckGateways(findings, vip);
            foreach (var item in vip.Addresses)
            {
                if (!owners.TryAdd(item.Address, vip.Name))
                {
                    var owner = owners[item.Address];
                    findings.Error(
                        $"address {item.Address} is already that of vip '{owner}'",
                        rival: owner == vip.Name ? null : owner
                    );
                }
            }
        }
    }

    private static void CheckGateways(Findings findings, Vip vip)
    {
        using var at = findings.In("gateway");
        var families = new HashSet<AddressFamily>();
        foreach (var gateway in vip.Gateways)
        {
            if (!families.Add(gateway.AddressFamily))
            {
                findings.Error("there are two of one family", "one, or one of each family");
            }
            else if (vip.Addresses.All(item => item.Address.AddressFamily != gateway.AddressFamily))
            {
                findings.Error($"{gateway} is of another family than every address", "a router of the same family");
            }
            else if (vip.On is NoPlace)
            {
                findings.Error("nothing leaves from an address that stands nowhere", "no gateway, or another 'on'");
            }
            else if (vip.On is OnDummy && gateway.IsIPv6LinkLocal)
            {
                findings.Error($"{gateway} says nothing of the link that it is on", "its global address");
            }
        }
    }
}

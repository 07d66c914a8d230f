using System.Net;

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
}

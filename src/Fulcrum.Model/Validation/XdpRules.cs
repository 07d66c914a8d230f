using Fulcrum.Model.Services;

namespace Fulcrum.Model.Validation;

/// <summary>Where the balancers in the driver and in traffic control stand.</summary>
internal static class XdpRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        CheckInterfaces(findings, snapshot.Xdp);
        if (!snapshot.Xdp.Interfaces.IsEmpty)
        {
            return;
        }

        using var kind = findings.In("services");
        foreach (var service in snapshot.Services)
        {
            if (service.Plane is PlaneKind.Xdp or PlaneKind.Tc)
            {
                using var name = findings.In(service.Name);
                using var field = findings.In("plane");
                findings.Error(
                    $"no interface is given to plane {service.Plane.ToString().ToLowerInvariant()}",
                    "'xdp: { interfaces: [eth0] }' with those where frames of clients and answers of backends come in"
                );
            }
        }
    }

    private static void CheckInterfaces(Findings findings, XdpSettings xdp)
    {
        using var at = findings.In("xdp");
        using var list = findings.In("interfaces");
        for (var i = 0; i < xdp.Interfaces.Count; i++)
        {
            if (xdp.Interfaces.AsSpan()[..i].Contains(xdp.Interfaces[i]))
            {
                using var index = findings.At(i);
                findings.Error($"'{xdp.Interfaces[i]}' is there twice", "each interface once");
            }
        }
    }
}

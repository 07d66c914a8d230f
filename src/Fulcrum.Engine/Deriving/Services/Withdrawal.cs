using System.Net;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;

namespace Fulcrum.Engine.Deriving.Services;

/// <summary>
/// A service that is not wanted any more leaves its plane last: first the announcements go, then the addresses, and
/// only then the service, or clients that still come would be refused.
/// </summary>
internal static class Withdrawal
{
    /// <summary>The service as it stays for now; null: it may go.</summary>
    public static DerivedService? HoldsBack(
        EngineInputs inputs,
        Service? configured,
        DerivedService? before,
        Reason off,
        VipSection? vips
    )
    {
        if (before is not { Plane: { } plane, Carrier: { } carrier })
        {
            return null;
        }

        // Disabling ends sessions: the plane learns so before the service goes. Draining lets them finish.
        var cut = off is Overridden { Decision.Action: OverrideAction.Disable };
        if (cut && plane.Sessions.Drain.Deadline > TimeSpan.Zero)
        {
            var sessions = plane.Sessions with { Drain = plane.Sessions.Drain with { Deadline = TimeSpan.Zero } };
            plane = plane with { Sessions = sessions };
        }

        var told = inputs.Observed.Planes[carrier]?.Services[plane.Name];
        var unsaid = cut && told is not null && told.Sessions.Drain.Deadline > TimeSpan.Zero;
        return unsaid || StandsOnWithdrawn(inputs, plane, vips)
            ? before with
            {
                Service = configured ?? before.Service,
                Plane = plane,
                Verdict = Verdict.Unhealthy,
                Reason = off,
                Leaving = true,
                WakeAt = null,
            }
            : null;
    }

    // An address that stands, and that no vip wants without the service. What the plane carries counts: the file may
    // say something else of the service by now.
    private static bool StandsOnWithdrawn(EngineInputs inputs, PlaneService service, VipSection? vips)
    {
        var stand = inputs.Observed.Addresses;
        foreach (var listener in service.Listeners)
        {
            var own = listener.Listener.Address;
            var on =
                own is not null && !own.Equals(AnyOf(own))
                    ? stand.ContainsKey(own)
                        ? [own]
                        : []
                    : stand.Keys.Where(address => ListensOn(listener.Listener, address));
            if (on.Any(address => vips?.Decided[address] is not { Wanted: true }))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One of its listeners takes what is sent to the address.</summary>
    public static bool IsOn(Service service, IPAddress address)
    {
        foreach (var listener in service.Listeners)
        {
            if (ListensOn(listener, address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ListensOn(Listener listener, IPAddress address) =>
        listener.Address is not { } own
            ? listener.Protocol
                is not (
                    ListenerProtocol.Unix
                    or ListenerProtocol.UnixDatagram
                    or ListenerProtocol.UnixSeqpacket
                    or ListenerProtocol.Mark
                )
            : own.Equals(address) || own.Equals(AnyOf(address));

    private static IPAddress AnyOf(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
}

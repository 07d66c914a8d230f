using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Vips;

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
        Reason off
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
        return unsaid || StandsOnWithdrawn(inputs, plane)
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

    // An address that stands, that nothing will keep, and that no other service is left on. What the plane carries
    // counts: the file may say something else of the service by now.
    private static bool StandsOnWithdrawn(EngineInputs inputs, PlaneService service)
    {
        foreach (var (address, _) in inputs.Observed.Addresses)
        {
            if (IsOn(service, address) && !IsKept(inputs, service.Name, address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOn(PlaneService service, IPAddress address)
    {
        foreach (var listener in service.Listeners)
        {
            if (ListensOn(listener.Listener, address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsKept(EngineInputs inputs, string leaving, IPAddress address) =>
        inputs.Snapshot.Vips.Any(vip =>
            vip.UpWhen == UpWhen.Always && vip.Addresses.Any(at => at.Address.Equals(address))
        )
        || inputs.Snapshot.Services.Any(other =>
            other.Name != leaving && ServiceSwitch.IsMeant(inputs, other) && IsOn(other, address)
        );

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

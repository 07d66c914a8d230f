using System.Net.Sockets;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Validation;

/// <summary>
/// What only means something where the kernel forwards, or only where this process does: a rule that is read and never
/// kept would be worse than an error.
/// </summary>
internal static class KernelRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("services");
        foreach (var service in snapshot.Services)
        {
            // Routes need forward: proxy, and there none of this is asked but by the service's own upstream.
            if (service.Upstream is not { } name || !snapshot.Upstreams.TryGet(name, out var upstream))
            {
                continue;
            }

            using var at = findings.In(service.Name);
            var farther = service.Policy.Over(upstream.Policy).Over(snapshot.Defaults.Policy);
            var policies = Items.From(service.Listeners.Select(listener => listener.Policy.Over(farther)));
            CheckTogether(findings, service, policies);
            using var list = findings.In("listen");
            for (var i = 0; i < service.Listeners.Count; i++)
            {
                using var index = findings.At(i);
                Check(findings, service, service.Listeners[i], policies[i], upstream);
            }
        }
    }

    private static void Check(Findings findings, Service service, Listener listener, Policy policy, Upstream upstream)
    {
        var forward = policy.Forward ?? Forwarding.Proxy;
        if (forward == Forwarding.None)
        {
            return;
        }

        var isKernel = forward != Forwarding.Proxy;
        if (policy.Persist?.By == ClientIdentity.SipCallId)
        {
            CheckSip(findings, listener, isKernel);
        }

        CheckProbes(findings, listener, policy, isKernel);
        if (forward != Forwarding.Tunnel && TunnelsOf(upstream))
        {
            findings.Error(
                $"upstream '{upstream.Name}' says how packets are wrapped, but forward is {ServiceRules.Word(forward)}",
                "'forward: tunnel', or no 'connect: { tunnel }'"
            );
        }

        if (forward is Forwarding.Nat or Forwarding.Dsr)
        {
            CheckFamilies(findings, listener, upstream, forward);
        }

        if (isKernel && service.Sessions is { OnePacket: true } && !MayHaveDatagrams(listener))
        {
            findings.Error($"{listener} has connections, not packets by themselves", "udp://, or no 'one-packet'");
        }
    }

    // The kernel's engine reads the payload of datagrams, and the proxy has none.
    private static void CheckSip(Findings findings, Listener listener, bool isKernel)
    {
        if (!isKernel)
        {
            findings.Error(
                "'persist: { by: sip-call-id }' needs forward: nat, dsr or tunnel, but it is proxy",
                "'by: source-address'"
            );
        }
        else if (!MayHaveDatagrams(listener))
        {
            findings.Error($"'persist: {{ by: sip-call-id }}' is for SIP over UDP, and not for {listener}", "udp://");
        }
    }

    private static void CheckProbes(Findings findings, Listener listener, Policy policy, bool isKernel)
    {
        foreach (var check in policy.Checks)
        {
            // Programs never go there: that is said where the check stands.
            if (check.Via != CheckVia.Forwarding || check.Probe is ExecProbe)
            {
                continue;
            }

            if (!isKernel)
            {
                findings.Error(
                    $"check '{check.Id}' goes through the plane, which needs forward: nat, dsr or tunnel, but it is proxy",
                    "'via: direct'"
                );
            }
            else if (listener.OwnAddress is null)
            {
                findings.Error(
                    $"check '{check.Id}' goes to the address of the listener, and {listener} has none of its own",
                    "an address such as tcp://192.0.2.1:80, or 'via: direct'"
                );
            }
        }
    }

    private static bool TunnelsOf(Upstream upstream) =>
        upstream.Connect?.Tunnel is not null || upstream.Backends.Any(backend => backend.Connect?.Tunnel is not null);

    // Only a tunnel carries packets of one family to a backend of the other. What names lead to is not known here.
    private static void CheckFamilies(Findings findings, Listener listener, Upstream upstream, Forwarding forward)
    {
        if (listener.OwnAddress is not { } address || upstream.Discover is not null || upstream.Backends.IsEmpty)
        {
            return;
        }

        if (upstream.Backends.All(backend => backend.Address.Ip is { } ip && ip.AddressFamily != address.AddressFamily))
        {
            findings.Error(
                $"{ServiceRules.Word(forward)} cannot lead from {listener} to upstream '{upstream.Name}', which has no {FamilyOf(address.AddressFamily)} backend",
                "backends of the same family, or 'forward: tunnel'"
            );
        }
    }

    // The kernel knows them as one service, which is balanced in one way.
    private static void CheckTogether(Findings findings, Service service, Items<Policy> policies)
    {
        if (!service.Together || policies.IsEmpty || policies.All(policy => !IsKernel(policy)))
        {
            return;
        }

        using var at = findings.In("together");
        if (
            policies.Any(policy =>
                policy.Forward != policies[0].Forward
                || policy.Balance != policies[0].Balance
                || policy.Persist != policies[0].Persist
            )
        )
        {
            findings.Error(
                "the kernel balances listeners that belong together as one, but they differ in forward, balance or persist",
                "these on the service, not on a listener"
            );
        }
    }

    private static bool IsKernel(Policy policy) =>
        policy.Forward is Forwarding.Nat or Forwarding.Dsr or Forwarding.Tunnel;

    // What carries a mark may be datagrams.
    private static bool MayHaveDatagrams(Listener listener) =>
        listener.Protocol is ListenerProtocol.Udp or ListenerProtocol.Mark;

    private static string FamilyOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
}

using Fulcrum.Model.Services;

namespace Fulcrum.Model.Validation;

internal static class ServiceRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("services");
        foreach (var service in snapshot.Services)
        {
            using var at = findings.In(service.Name);
            if (service.Listeners.IsEmpty)
            {
                findings.Error("has no listener", "'listen', such as tcp://0.0.0.0:8080");
            }

            CheckDestination(findings, snapshot, service);
            CheckPlane(findings, snapshot, service);
            UpstreamRules.CheckPolicy(findings, service.Policy);
            References.CheckAll(findings, snapshot.Registries, "registry", "register", service.Register);
            if (service.AddressFrom is { Pool: { } pool })
            {
                using var field = findings.In("address-from");
                References.Check(findings, snapshot.Pools, "address pool", pool);
            }

            CheckClient(findings, service.Client);
            ListenerRules.Check(findings, snapshot, service);
        }
    }

    private static void CheckClient(Findings findings, ClientRules client)
    {
        using var at = findings.In("client");
        if (client is { BurstPerAddress: not null, RatePerAddress: null })
        {
            using var field = findings.In("burst-per-address");
            findings.Error("there is no rate that it would be a burst of", "'rate-per-address' beside it");
        }

        if (client.ProxyProtocol != ProxyProtocolAcceptance.Off && client.ProxyProtocolFrom.IsEmpty)
        {
            using var field = findings.In("proxy-protocol");
            findings.Error(
                "nobody's PROXY headers would be believed",
                "'proxy-protocol-from' with the networks of the proxies in front"
            );
        }
        else if (client.ProxyProtocol == ProxyProtocolAcceptance.Off && !client.ProxyProtocolFrom.IsEmpty)
        {
            using var field = findings.In("proxy-protocol-from");
            findings.Error("PROXY headers are not accepted", "'proxy-protocol: accept' or 'require' beside it");
        }
    }

    // A plane carries a forwarding, and does not change it.
    private static void CheckPlane(Findings findings, Snapshot snapshot, Service service)
    {
        using var at = findings.In("plane");
        var forwards = service.Listeners.Select(listener => EffectiveForward(snapshot, service, listener)).ToList();
        var other = forwards.Find(forward => forward is not (Forwarding.Proxy or Forwarding.None));
        if (service.Plane == PlaneKind.Proxy && other != Forwarding.Proxy)
        {
            findings.Error(
                $"plane proxy does not carry 'forward: {Word(other)}'",
                "'plane: auto', or 'forward: proxy'"
            );
        }
        else if (service.Plane is not (PlaneKind.Proxy or PlaneKind.Auto) && forwards.Contains(Forwarding.Proxy))
        {
            findings.Error(
                $"plane {service.Plane.ToString().ToLowerInvariant()} does not carry 'forward: proxy', which holds where nothing else is said",
                "'forward: nat', 'dsr' or 'tunnel' beside it"
            );
        }
    }

    private static void CheckDestination(Findings findings, Snapshot snapshot, Service service)
    {
        using (findings.In("upstream"))
        {
            References.Check(findings, snapshot.Upstreams, "upstream", service.Upstream);
        }

        var forward = EffectiveForward(snapshot, service, null);
        if (forward == Forwarding.None)
        {
            if (!service.Routes.IsEmpty)
            {
                findings.Error("forward: none means that others forward; it cannot have routes");
            }
        }
        else if (service.Upstream is null && service.Routes.IsEmpty)
        {
            findings.Error("leads nowhere", "'backends', 'upstream' or 'routes'");
        }

        if (forward is not (Forwarding.Proxy or Forwarding.None))
        {
            if (!service.Routes.IsEmpty)
            {
                findings.Error($"routes need forward: proxy, but it is {Word(forward)}");
            }

            if (service.Tls is not null)
            {
                findings.Error($"TLS can end here only with forward: proxy, but it is {Word(forward)}");
            }
        }
    }

    /// <summary>The nearest that says how to forward: listener, service, upstream, defaults; else proxy.</summary>
    public static Forwarding EffectiveForward(Snapshot snapshot, Service service, Listener? listener) =>
        listener?.Policy.Forward
        ?? service.Policy.Forward
        ?? (service.Upstream is { } name ? snapshot.Upstreams.Find(name)?.Policy.Forward : null)
        ?? snapshot.Defaults.Policy.Forward
        ?? Forwarding.Proxy;

    public static string Word(Forwarding forward) => forward.ToString().ToLowerInvariant();
}

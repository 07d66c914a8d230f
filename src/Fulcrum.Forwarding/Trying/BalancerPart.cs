using Fulcrum.Forwarding.Ipvs.Translating;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Forwarding.Trying;

/// <summary>What the kernel's balancer has in a module of its own.</summary>
public sealed record BalancerPart
{
    private BalancerPart(string module, string scheduler, string? engine) =>
        (Module, Scheduler, Engine) = (module, scheduler, engine);

    /// <summary>Knows clients by their SIP calls.</summary>
    public static BalancerPart SipEngine { get; } = new("ip_vs_pe_sip", "rr", "sip");

    public string Module { get; }

    internal string Scheduler { get; }

    internal string? Engine { get; }

    /// <summary>The scheduler of an algorithm; null: there is none.</summary>
    public static BalancerPart? Of(BalanceAlgorithm algorithm) =>
        Schedulers.NameOf(algorithm) is { } name ? new($"ip_vs_{name}", name, null) : null;

    public override string ToString() => Module;
}

using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>What the sessions of a world pass: stages on the way, and a header before they may come in.</summary>
internal sealed record Passage
{
    /// <summary>Milliseconds for a header.</summary>
    public const int PrefaceTimeout = 30;

    /// <summary>Bytes that each direction may pass in a second, and at once after a pause, where its rate is limited.</summary>
    public const int Rate = 1000;

    public const int Burst = 8;

    /// <summary>Milliseconds that no interleaving lasts.</summary>
    public const long Patience = 1_000_000;

    public static readonly Passage Plain = new();

    public Way Ingress { get; init; }

    public Way Egress { get; init; }

    public bool IsLimited { get; init; }

    /// <summary>What comes from the client is led through a filter; and what comes from the backend.</summary>
    public bool IsFiltered { get; init; }

    public bool IsFilteredBack { get; init; }

    public ProxyProtocolAcceptance Header { get; init; }

    /// <summary>Clients speak TLS, which ends at the relay.</summary>
    public bool IsSecured { get; init; }

    /// <summary>The relay speaks TLS to backends.</summary>
    public bool IsSecuredBehind { get; init; }

    /// <summary>Time has to pass before all has come to rest.</summary>
    public bool NeedsTime => IsLimited || Header != ProxyProtocolAcceptance.Off;

    /// <summary>Null: there are no stages.</summary>
    public RouteTable? Routes =>
        this is { Ingress: Way.Pass, Egress: Way.Pass, IsLimited: false, IsFiltered: false, IsFilteredBack: false }
            ? null
            : new RouteTable([
                new PlaneRoute
                {
                    Path = "services.s.routes[0]",
                    Action = new PlaneForward(0),
                    Ingress = [.. StagesOf(Ingress, IsFiltered)],
                    Egress = [.. StagesOf(Egress, IsFilteredBack)],
                },
            ]);

    /// <summary>Null: nothing is read before a backend is chosen.</summary>
    public PrefacePlan? Preface =>
        Header == ProxyProtocolAcceptance.Off && !IsSecured
            ? null
            : new()
            {
                Acceptance = Header,
                Trusted = AccessRules.Everybody,
                AsksForHello = IsSecured,
                Timeout = IsSecured ? Patience : PrefaceTimeout,
            };

    private IEnumerable<PlaneStage> StagesOf(Way way, bool isFiltered)
    {
        if (IsLimited)
        {
            yield return new("limit", new RateLimitStage(Rate, Burst), null);
        }
        if (isFiltered)
        {
            yield return new("filter", new UpstreamStage("filter"), 1);
        }
        if (way != Way.Pass)
        {
            yield return new("end", new SimpleStage(way == Way.Echo ? BuiltInStage.Echo : BuiltInStage.Discard), null);
        }
    }
}

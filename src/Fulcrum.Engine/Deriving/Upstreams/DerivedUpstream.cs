using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What was decided about the members of one upstream, as some listeners see them.</summary>
public sealed record DerivedUpstream
{
    public required PlaneUpstream Plane { get; init; }

    /// <summary>In the order of <see cref="PlaneUpstream.Backends"/>.</summary>
    public required Items<BackendFact> Facts { get; init; }

    public required Items<ProbeTask> Probes { get; init; }

    /// <summary>
    /// Healthy: enough members are known to be. Unknown: enough are not known to be unhealthy; traffic is served, but
    /// no address is raised for it yet. Unhealthy: below the mark.
    /// </summary>
    public required Verdict Verdict { get; init; }

    public required Reason Reason { get; init; }

    /// <summary>What the next decision depends on.</summary>
    internal UpstreamMemory Memory { get; init; } = UpstreamMemory.Initial;

    /// <summary>Sticky numbers that this view holds.</summary>
    internal Items<NumberKey> Numbers { get; init; }

    /// <summary>When something changes without news: an expiry, a step of a ramp, a deadline.</summary>
    internal DateTimeOffset? WakeAt { get; init; }

    /// <summary>There is somebody to send clients to.</summary>
    public bool Serves
    {
        get
        {
            foreach (var backend in Plane.Backends)
            {
                if (backend.Duty == BackendDuty.Serve)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

/// <summary>Why a backend has the duty it has.</summary>
/// <param name="Id">As in <see cref="PlaneBackend.Id"/>.</param>
/// <param name="Verdict">Of all its checks together.</param>
/// <param name="Reason">The one that decided.</param>
/// <param name="Weight">As configured or overridden, before recovery and scores.</param>
public sealed record BackendFact(string Id, Verdict Verdict, Reason Reason, int Weight);

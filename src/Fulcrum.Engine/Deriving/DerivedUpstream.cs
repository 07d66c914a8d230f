using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>What was decided about the members of one upstream, as one listener sees them.</summary>
public sealed record DerivedUpstream
{
    public required PlaneUpstream Plane { get; init; }

    /// <summary>In the order of <see cref="PlaneUpstream.Backends"/>.</summary>
    public required Items<BackendFact> Facts { get; init; }

    public required Items<ProbeTask> Probes { get; init; }

    /// <summary>At least one member serves.</summary>
    public bool Healthy
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
/// <param name="Reason">For people: "healthy", "tcp: connection refused", "priority 0 serves".</param>
public sealed record BackendFact(string Id, Verdict Verdict, string Reason);

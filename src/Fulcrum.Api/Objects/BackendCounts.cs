using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Objects;

/// <summary>How many backends there are, and how many of them are well.</summary>
/// <param name="Serving">Those that get new connections.</param>
public sealed record BackendCounts(int Total, int Serving, int Healthy)
{
    internal static BackendCounts Of(IEnumerable<DerivedUpstream> views)
    {
        var (total, serving, healthy) = (0, 0, 0);
        foreach (var view in views)
        {
            for (var i = 0; i < view.Plane.Backends.Count; i++)
            {
                total++;
                serving += view.Plane.Backends[i].Duty == BackendDuty.Serve ? 1 : 0;
                healthy += view.Facts[i].Verdict == Verdict.Healthy ? 1 : 0;
            }
        }

        return new(total, serving, healthy);
    }
}

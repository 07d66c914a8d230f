using System.Net;
using Fulcrum.Balancing;
using Fulcrum.Balancing.Hashing;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Selecting;

/// <summary>Who may be chosen for a listener's clients, and the balancer that chooses.</summary>
public sealed class Selection
{
    private Selection(Balancer balancer, Items<PlaneBackend> candidates)
    {
        Balancer = balancer;
        Candidates = candidates;
    }

    public Balancer Balancer { get; }

    /// <summary>In the balancer's order; each serves and has an address.</summary>
    public Items<PlaneBackend> Candidates { get; }

    public static Selection Of(PlaneUpstream upstream, Balance balance)
    {
        var serving = new List<PlaneBackend>(upstream.Backends.Count);
        var candidates = new List<Candidate>(upstream.Backends.Count);
        var weights = 0L;
        foreach (var backend in upstream.Backends)
        {
            weights += backend.Weight;
            if (backend is { Duty: BackendDuty.Serve, HasPlace: true })
            {
                serving.Add(backend);
                var endpoint = backend.Path ?? new IPEndPoint(backend.Address!, backend.Port ?? 0).ToString();
                candidates.Add(new(StableHash.Of(endpoint), backend.Weight));
            }
        }

        var options = new BalancerOptions { Members = upstream.Backends.Count, TotalWeight = weights };
        return new(Balancer.Create(balance.Algorithm, candidates.ToArray(), options), Items.From(serving));
    }
}

using Fulcrum.Balancing;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Selecting;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tracing;

/// <summary>
/// Whom the balancer would choose. Where only the client matters, the balancer itself is asked; where turns, chance or
/// load matter, the shares that come of them.
/// </summary>
/// <param name="Backends">The likeliest first; one: it is certain.</param>
/// <param name="Reason">For people.</param>
internal sealed record Forecast(Items<TracedBackend> Backends, string Reason)
{
    public static Forecast Of(PlaneDestination destination, TraceQuestion question)
    {
        if (destination.Forward != Forwarding.Proxy)
        {
            return OfKernel(destination, question);
        }

        var selection = Selection.Of(destination.Upstream, destination.Balance);
        var able = selection.Candidates.Where(backend => backend.Weight > 0).ToList();
        if (able.Count > 0 && IsCertain(destination.Balance.Algorithm))
        {
            var chosen = Pick(selection, destination.Balance.Hash, question);
            return new([Describe(chosen, question, 1)], Why(destination.Balance) + RoomOf(chosen));
        }

        var alike = destination.Balance.Algorithm == BalanceAlgorithm.RoundRobin;
        var total = able.Sum(backend => alike ? 1L : backend.Weight);
        var backends = able.Select(backend => Describe(backend, question, (alike ? 1.0 : backend.Weight) / total));
        return new(
            Items.From(backends.OrderByDescending(backend => backend.Share)),
            able.Count == 1 ? "it is the only one" + RoomOf(able[0]) : Why(destination.Balance)
        );
    }

    // The kernel's hashes are its own, and who is connected to whom it alone knows.
    private static Forecast OfKernel(PlaneDestination destination, TraceQuestion question)
    {
        var able = destination
            .Upstream.Backends.Where(backend => backend is { Duty: BackendDuty.Serve, Address: not null, Weight: > 0 })
            .ToList();
        var total = able.Sum(backend => (long)backend.Weight);
        return new(
            Items.From(able.Select(backend => Describe(backend, question, (double)backend.Weight / total))),
            able.Count == 1
                ? "it is the only one" + RoomOf(able[0])
                : $"the kernel decides ({Words.Of(destination.Balance.Algorithm)})"
        );
    }

    private static bool IsCertain(BalanceAlgorithm algorithm) =>
        algorithm
            is BalanceAlgorithm.SourceHash
                or BalanceAlgorithm.Maglev
                or BalanceAlgorithm.Rendezvous
                or BalanceAlgorithm.Ketama
                or BalanceAlgorithm.First;

    private static PlaneBackend Pick(Selection selection, HashKey key, TraceQuestion question)
    {
        var hash = ClientKey.Of(key, question.Client, (ushort)question.Source.Port);
        var state = selection.Balancer.CreateState(0);
        return selection.Candidates[selection.Balancer.Pick(state, new PickRequest(hash, Idle.Instance))];
    }

    private static string Why(Balance balance) =>
        balance.Algorithm switch
        {
            BalanceAlgorithm.First => "the first in the order written that may be chosen",
            BalanceAlgorithm.WeightedRoundRobin => "each in turn by its weight",
            BalanceAlgorithm.RoundRobin => "each in turn, weights do not matter",
            BalanceAlgorithm.LeastConnections => "the fewest connections for its weight",
            BalanceAlgorithm.Random => "drawn by weight",
            BalanceAlgorithm.PowerOfTwo => "two are drawn by weight, and the one with fewer connections is chosen",
            _ => balance.Hash == HashKey.SourceAddressAndPort
                ? "the client's address and port decide"
                : "the client's address decides",
        };

    private static string RoomOf(PlaneBackend backend) =>
        backend.MaxConnections is { } limit ? $", while it has fewer than {limit} connections" : "";

    private static TracedBackend Describe(PlaneBackend backend, TraceQuestion question, double share) =>
        new()
        {
            Id = backend.Id,
            Address = backend.Path ?? backend.Address!.ToString(),
            Port = backend.Port ?? question.Destination.Port,
            Duty = backend.Duty,
            Weight = backend.Weight,
            Share = share,
            MaxConnections = backend.MaxConnections,
        };

    /// <summary>Nobody is busy: what the present load changes is not foretold.</summary>
    private sealed class Idle : ILoad
    {
        public static Idle Instance { get; } = new();

        public int ActiveOf(int index) => 0;

        public bool HasRoom(int index) => true;
    }
}

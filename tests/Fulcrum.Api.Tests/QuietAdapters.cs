using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Tests;

/// <summary>Adapters that do nothing, and a plane that has counted something.</summary>
internal sealed class QuietAdapters : IPlane, IProber, INameResolver
{
    public PlaneOffer Offer => PlaneOffer.Proxy;

    public ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation) =>
        new(new Prepared());

    public PlaneObservation Observe() =>
        new(1, [new("web", new() { Total = 7 }, [new("web", "10.0.0.1:80", new() { Active = 3 })])]);

    public Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation) =>
        Task.CompletedTask;

    void IProber.Apply(Map<ProbeTask, ProbeTask> tasks) { }

    void INameResolver.Apply(Map<string, string> names) { }

    private sealed class Prepared : IPreparedTable
    {
        public ValueTask CommitAsync() => default;

        public ValueTask DisposeAsync() => default;
    }
}

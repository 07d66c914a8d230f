using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.TestKit.Fakes;

/// <summary>Adapters that do nothing, and a plane that has counted something.</summary>
public sealed class QuietAdapters : IPlane, IProber, ICheckReader, INameResolver
{
    public PlaneOffer Offer => PlaneOffer.Proxy;

    public ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation) =>
        new(new Prepared());

    public PlaneObservation Observe() =>
        new(1, [new("web", new() { Total = 7 }, [new("web", "10.0.0.1:80", new() { Active = 3 })])]);

    public Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>What every check says; the task is its own.</summary>
    public Func<ProbeTask, CheckReport> Report { get; set; } =
        task =>
            new()
            {
                Task = task,
                Health = CheckHealth.Unknown,
                Activity = CheckActivity.Waiting,
            };

    public List<CheckTransition> Transitions { get; } = [];

    public IReadOnlyCollection<ProbeTask> Tasks { get; private set; } = [];

    void IProber.Apply(Map<ProbeTask, ProbeTask> tasks) => Tasks = [.. tasks.Keys];

    public Task<IReadOnlyList<CheckReport>> ReadAsync(Func<ProbeTask, bool>? which, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CheckReport>>([
            .. Tasks.Where(task => which?.Invoke(task) ?? true).Select(Report),
        ]);

    public IReadOnlyList<CheckTransition> TransitionsAfter(long sequence) =>
        [.. Transitions.Where(transition => transition.Sequence > sequence)];

    void INameResolver.Apply(Map<string, string> names) { }

    private sealed class Prepared : IPreparedTable
    {
        public ValueTask CommitAsync() => default;

        public ValueTask DisposeAsync() => default;
    }
}

using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.TestKit.Fakes;

/// <summary>Adapters that do nothing, and a plane that has counted something.</summary>
public sealed class QuietAdapters : IPlane, IProber, ICheckReader, ISessionReader, INameResolver
{
    public PlaneOffer Offer => PlaneOffer.Proxy;

    public ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation) =>
        new(new Prepared());

    /// <summary>What the plane has counted.</summary>
    public PlaneObservation Observation { get; set; } =
        new(1, [new("web", new() { Total = 7 }, [new("web", "10.0.0.1:80", new() { Active = 3 })])]);

    public PlaneObservation Observe() => Observation;

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

    /// <summary>Sessions that are there, by their ids.</summary>
    public List<SessionReport> Sessions { get; } =
    [
        new()
        {
            Id = new(0, 1, 10),
            Service = "web",
            Listener = "tcp://127.0.0.1:8080",
            Protocol = "tcp",
            Client = "192.0.2.7:40000",
            Upstream = "web",
            Backend = "10.0.0.1:80",
            Began = DateTimeOffset.UnixEpoch,
            Age = TimeSpan.FromSeconds(90),
            BytesIn = 1_000,
            BytesOut = 2_000,
            State = SessionState.Open,
        },
    ];

    /// <summary>What was asked for last.</summary>
    public SessionQuery? Asked { get; private set; }

    /// <summary>Looks at services, the place and the limit of what is asked for, and no further.</summary>
    public Task<SessionPage> ReadAsync(SessionQuery query, CancellationToken cancellation)
    {
        Asked = query;
        var found = Sessions
            .Where(one => query.Services?.Contains(one.Service) ?? true)
            .Where(one => query.After is not { } after || one.Id > after)
            .ToList();
        var more = Math.Max(0, found.Count - query.Limit);
        return Task.FromResult(
            new SessionPage(
                [.. found.Take(query.Limit)],
                more > 0 ? found[query.Limit - 1].Id : null,
                more,
                IsCut: false
            )
        );
    }

    public Task<SessionReport?> FindAsync(SessionId id, CancellationToken cancellation) =>
        Task.FromResult(Sessions.Find(one => one.Id == id));

    public Task<bool> EndAsync(SessionId id, CancellationToken cancellation) =>
        Task.FromResult(Sessions.RemoveAll(one => one.Id == id) > 0);

    void INameResolver.Apply(Map<string, string> names) { }

    private sealed class Prepared : IPreparedTable
    {
        public ValueTask CommitAsync() => default;

        public ValueTask DisposeAsync() => default;
    }
}

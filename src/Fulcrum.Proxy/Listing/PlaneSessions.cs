using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Listing;

/// <summary>
/// The sessions of all loops, for people. A loop is asked through its mailbox and looks at a few places in each turn, so
/// that its clients wait some microseconds at most; one walk goes on at a time, and the next begins after it. Nothing is
/// kept for this on the way of a byte.
/// </summary>
internal sealed class PlaneSessions : ISessionReader, IDisposable
{
    private readonly EventLoop[] _loops;
    private readonly SessionRoll[] _rolls;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public PlaneSessions(EventLoop[] loops, SessionRoll[] rolls, TimeProvider time) =>
        (_loops, _rolls, _time) = (loops, rolls, time);

    /// <summary>So many places are looked at in one turn of a loop.</summary>
    public int PlacesInTurn { get; init; } = 256;

    /// <summary>So many are looked at for one answer; at least one.</summary>
    public int MostPlaces { get; init; } = 4 * 1024 * 1024;

    public async Task<SessionPage> ReadAsync(SessionQuery query, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await WalkAsync(query, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<SessionReport?> FindAsync(SessionId id, CancellationToken cancellation)
    {
        var found = await AskAsync(id, Describe, cancellation);
        return found?.ToReport(id.Loop, _time.GetUtcNow());
    }

    public Task<bool> EndAsync(SessionId id, CancellationToken cancellation) =>
        AskAsync(
            id,
            static session =>
            {
                session?.Abort();
                return session is not null;
            },
            cancellation
        );

    public void Dispose() => _turn.Dispose();

    private async Task<SessionPage> WalkAsync(SessionQuery query, CancellationToken cancellation)
    {
        var filter = new SessionFilter(query);
        var sessions = new List<SessionReport>();
        var (more, left) = (0, MostPlaces);
        SessionId? cut = null;
        for (var loop = query.After?.Loop ?? 0; loop < _loops.Length && cut is null; loop++)
        {
            var begin = query.After is { } after && after.Loop == loop ? after.Place + 1L : 0;
            var walk = new SessionWalk(filter, (int)Math.Min(begin, int.MaxValue), query.Limit - sessions.Count);
            while (!walk.IsOver)
            {
                if (left == 0)
                {
                    cut = walk.Place > 0 ? new(loop, walk.Place - 1, 0) : new(loop - 1, int.MaxValue, 0);
                    break;
                }
                var before = walk.Place;
                await TurnAsync(loop, walk, Math.Min(PlacesInTurn, left), cancellation);
                left -= walk.Place - before;
                var now = _time.GetUtcNow();
                foreach (var sight in walk.Found)
                {
                    sessions.Add(sight.ToReport(loop, now));
                }
                walk.Found.Clear();
            }
            more += walk.More;
        }
        // Whoever has a whole page goes on after its last, and others after what was looked at.
        var next = more > 0 ? sessions[^1].Id : cut;
        return new(sessions, next, more, cut is not null);
    }

    private Task TurnAsync(int loop, SessionWalk walk, int places, CancellationToken cancellation)
    {
        var roll = _rolls[loop];
        return _loops[loop].InvokeAsync(() => roll.Walk(walk, places)).WaitAsync(cancellation);
    }

    private Task<T> AskAsync<T>(SessionId id, Func<BackendSession?, T> ask, CancellationToken cancellation)
    {
        if (id.Loop >= _loops.Length)
        {
            return Task.FromResult(ask(null));
        }
        var roll = _rolls[id.Loop];
        return _loops[id.Loop].InvokeAsync(() => ask(roll.Find(id.Place, id.Sequence))).WaitAsync(cancellation);
    }

    private static SessionSight? Describe(BackendSession? session)
    {
        if (session is null)
        {
            return null;
        }
        session.Describe(out var sight);
        (sight.Place, sight.Sequence) = (session.Place, session.Sequence);
        return sight;
    }
}

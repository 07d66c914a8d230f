using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Listing;

/// <summary>Walks over more sessions than one turn may look at.</summary>
public sealed class PlaneSessionsTests : IDisposable
{
    private const int Loops = 2;

    private readonly EventLoop[] _loops =
    [
        .. Enumerable.Range(0, Loops).Select(loop => new EventLoop($"{loop}", new(), TimeProvider.System)),
    ];
    private readonly SessionRoll[] _rolls = [new(), new()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Array.ForEach(_loops, loop => loop.Dispose());

    [Fact]
    public async Task A_loop_is_never_held_up_by_many_sessions()
    {
        const int Each = 5_000;
        var looks = Begin(Each);
        using var sessions = new PlaneSessions(_loops, _rolls, TimeProvider.System);
        var turns = _loops.Select(loop => loop.Counters.Turns).ToList();
        var page = await Wait.For(sessions.ReadAsync(new() { Limit = 100 }, Cancellation), "the walk");
        Assert.Equal((100, (Loops * Each) - 100, false), (page.Sessions.Count, page.More, page.IsCut));
        Assert.Equal(page.Sessions[^1].Id, page.Next);
        Assert.Equal(Loops * Each, looks.Values.Sum());
        // No turn has looked at more than its share, and so there were as many turns as that takes.
        Assert.InRange(looks.Values.Max(), 1, sessions.PlacesInTurn);
        Assert.True(looks.Count >= Loops * Each / sessions.PlacesInTurn);
        Assert.All(_loops.Zip(turns), pair => Assert.True(pair.First.Counters.Turns - pair.Second >= 19));
    }

    [Fact]
    public async Task What_others_want_of_the_loop_comes_between_two_turns_of_a_walk()
    {
        Begin(1_000);
        using var sessions = new PlaneSessions(_loops, _rolls, TimeProvider.System) { PlacesInTurn = 1 };
        var walk = sessions.ReadAsync(new(), Cancellation);
        var others = 0;
        while (!walk.IsCompleted)
        {
            await Wait.For(_loops[0].InvokeAsync(() => { }), "a turn during the walk");
            others += walk.IsCompleted ? 0 : 1;
        }

        Assert.True(others > 0);
        Assert.Equal(Loops * 1_000, (await walk).Sessions.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(1000)]
    public async Task Pages_tell_everybody_once_however_little_is_looked_at(int places)
    {
        Begin(20);
        using var sessions = new PlaneSessions(_loops, _rolls, TimeProvider.System)
        {
            PlacesInTurn = 3,
            MostPlaces = places,
        };
        var told = new List<SessionId>();
        var query = new SessionQuery { Limit = 6 };
        SessionPage page;
        do
        {
            page = await sessions.ReadAsync(query, Cancellation);
            Assert.Equal(page.IsCut || page.More > 0, page.Next is not null);
            Assert.Equal(places < 40 - told.Count, page.IsCut);
            told.AddRange(page.Sessions.Select(one => one.Id));
            query = query with { After = page.Next };
        } while (page.Next is not null);

        Assert.Equal(
            from loop in Enumerable.Range(0, Loops)
            from place in Enumerable.Range(0, 20)
            select (loop, place),
            told.Select(id => (id.Loop, id.Place))
        );
    }

    [Fact]
    public async Task Who_stays_is_told_once_while_others_come_and_go()
    {
        var staying = new List<Quiet>();
        var going = new Queue<Quiet>();
        await OnAsync(() =>
        {
            for (var index = 0; index < 500; index++)
            {
                var session = Start(0);
                if (index % 2 == 0)
                {
                    staying.Add(session);
                }
                else
                {
                    going.Enqueue(session);
                }
            }
        });
        using var sessions = new PlaneSessions(_loops, _rolls, TimeProvider.System) { PlacesInTurn = 4 };
        var walk = sessions.ReadAsync(new(), Cancellation);
        var isKept = false;
        while (!walk.IsCompleted)
        {
            await OnAsync(() =>
            {
                isKept = !isKept;
                _rolls[0].End(going.Dequeue(), isKept);
                going.Enqueue(Start(0));
            });
        }

        var told = (await walk).Sessions.Select(one => (one.Id.Place, one.Id.Sequence)).ToList();
        Assert.Equal(told.Count, told.Distinct().Count());
        Assert.All(staying, one => Assert.Contains((one.Place, one.Sequence), told));
    }

    [Fact]
    public void Places_are_as_many_as_there_were_sessions_at_once()
    {
        var roll = new SessionRoll(1_000);
        for (var round = 0; round < 1_000; round++)
        {
            var session = new Quiet(null, null);
            roll.Begin(session);
            Assert.Same(session, roll.Find(session.Place, session.Sequence));
            Assert.Equal(1_001 + round, session.Sequence);
            var (place, sequence) = (session.Place, session.Sequence);
            roll.End(session, isKept: false);
            Assert.Null(roll.Find(place, sequence));
            Assert.Null(roll.Find(place, 0));
        }

        Assert.Equal(1, roll.Places);
    }

    // How many sessions each turn has looked at.
    private Dictionary<(int, long), int> Begin(int each)
    {
        var looks = new Dictionary<(int, long), int>();
        for (var loop = 0; loop < Loops; loop++)
        {
            var number = loop;
            _loops[loop]
                .InvokeAsync(() =>
                {
                    for (var index = 0; index < each; index++)
                    {
                        _rolls[number]
                            .Begin(
                                new Quiet(
                                    _loops[number],
                                    () =>
                                    {
                                        var turn = (number, _loops[number].Counters.Turns);
                                        lock (looks)
                                        {
                                            looks[turn] = looks.GetValueOrDefault(turn) + 1;
                                        }
                                    }
                                )
                            );
                    }
                })
                .Wait(Cancellation);
        }

        return looks;
    }

    private Task OnAsync(Action action) => Wait.For(_loops[0].InvokeAsync(action), "a turn");

    private Quiet Start(int loop)
    {
        var session = new Quiet(null, null);
        _rolls[loop].Begin(session);
        return session;
    }

    /// <summary>A session that does nothing.</summary>
    private sealed class Quiet(EventLoop? loop, Action? looked) : BackendSession
    {
        private static readonly ListenerPlan Plan = new() { Service = new("s", Loops), Listener = "tcp://127.0.0.1:1" };

        public override SocketAddress Client => default;

        public override void Abort() { }

        public override void Describe(out SessionSight sight)
        {
            Assert.True(loop is null or { IsCurrent: true });
            looked?.Invoke();
            sight = new() { Plan = Plan, Client = SocketAddress.From(System.Net.IPAddress.Loopback, 1) };
        }

        protected override void OnEvents(int tag, EpollEvents events) { }

        protected override void OnFault(Exception fault) { }
    }
}

using Fulcrum.Linux.Events;

namespace Fulcrum.Loops.Tests;

public sealed class ReactorTests
{
    private readonly Reactor _reactor = new(new LoopOptions { BufferSize = 16, MaxBuffers = 2 }, 0);

    [Fact]
    public void An_event_of_a_socket_that_is_gone_reaches_nobody()
    {
        var (first, second) = (new Probe(), new Probe());
        var old = _reactor.AddSocket(first, 1);
        _reactor.RemoveSocket(old);
        var fresh = _reactor.AddSocket(second, 2);
        Assert.Equal((uint)old, (uint)fresh);
        _reactor.Dispatch(old, EpollEvents.Readable);
        Assert.Empty(second.Log);
        _reactor.Dispatch(fresh, EpollEvents.Readable);
        Assert.Equal(["2 Readable"], second.Log);
        Assert.Empty(first.Log);
        Assert.Equal(1, _reactor.Counters.StaleEvents);
        Assert.Throws<InvalidOperationException>(() => _reactor.RemoveSocket(old));
    }

    [Fact]
    public void An_exception_ends_its_object_and_no_other()
    {
        var (bad, good) = (new Probe { Throws = true }, new Probe());
        _reactor.MakeReady(bad);
        _reactor.MakeReady(good);
        _reactor.RunReady();
        _reactor.SetTimer(bad, 1);
        _reactor.SetTimer(good, 1);
        _reactor.Advance(1);
        _reactor.Dispatch(_reactor.AddSocket(bad, 0), EpollEvents.Error);
        Assert.Equal(["fault", "fault", "fault"], bad.Log);
        Assert.Equal(["turn", "timer"], good.Log);
        // The fault handler throws too, and that is counted for itself.
        Assert.Equal(6, _reactor.Counters.Faults);
    }

    [Fact]
    public void Who_asks_for_another_turn_in_its_turn_waits_for_the_others()
    {
        var (greedy, modest) = (new Probe(), new Probe());
        greedy.OnEveryTurn = () => _reactor.MakeReady(greedy);
        _reactor.MakeReady(greedy);
        _reactor.MakeReady(greedy);
        _reactor.MakeReady(modest);
        _reactor.RunReady();
        Assert.Equal(["turn"], greedy.Log);
        Assert.Equal(["turn"], modest.Log);
        Assert.True(_reactor.HasReady);
        _reactor.Forget(greedy);
        Assert.False(_reactor.HasReady);
    }

    [Fact]
    public void Buffers_are_bounded_and_what_is_refused_is_counted()
    {
        var pool = _reactor.Buffers;
        var one = pool.TryRent()!;
        Assert.Equal(16, one.Length);
        Assert.NotNull(pool.TryRent());
        Assert.Null(pool.TryRent());
        Assert.Equal((2, 2, 1L), (pool.InUse, pool.Peak, pool.Refused));
        pool.Return(one);
        Assert.Same(one, pool.TryRent());
    }

    private sealed class Probe : LoopObject
    {
        public List<string> Log { get; } = [];

        public bool Throws { get; init; }

        public Action? OnEveryTurn { get; set; }

        protected internal override void OnEvents(int tag, EpollEvents events) => Note($"{tag} {events}");

        protected internal override void OnTimer() => Note("timer");

        protected internal override void OnTurn()
        {
            Note("turn");
            OnEveryTurn?.Invoke();
        }

        protected internal override void OnFault(Exception fault)
        {
            Log.Add("fault");
            throw new InvalidOperationException("again");
        }

        private void Note(string what)
        {
            if (Throws)
            {
                throw new InvalidOperationException(what);
            }
            Log.Add(what);
        }
    }
}

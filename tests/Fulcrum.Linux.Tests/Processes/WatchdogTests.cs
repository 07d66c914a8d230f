using Fulcrum.Linux.Processes;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Processes;

public sealed class WatchdogTests : IWatchdogEar
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _said = [];
    private readonly List<string> _asked = [];
    private Func<Task> _engine = () => Task.CompletedTask;
    private Func<Task> _loop = () => Task.CompletedTask;
    private int _signs;
    private int _beats;

    void IWatchdogEar.Hangs(string part, TimeSpan silent) => Say($"{part} hangs for {silent.TotalSeconds}");

    void IWatchdogEar.Answers(string part, TimeSpan silent) => Say($"{part} is back after {silent.TotalSeconds}");

    [Fact]
    public async Task While_all_answer_there_are_three_signs_within_the_patience()
    {
        await RunAsync(async () =>
        {
            for (var beat = 1; beat <= 6; beat++)
            {
                await BeatAsync();
                Assert.Equal(beat, Volatile.Read(ref _signs));
            }
        });
        Assert.Empty(_said);
    }

    [Fact]
    public async Task There_is_no_sign_while_one_hangs_and_it_is_named_once_and_asked_once()
    {
        var hang = new TaskCompletionSource();
        await RunAsync(async () =>
        {
            await BeatAsync();
            _loop = () => hang.Task;
            await BeatAsync();
            Assert.Equal(2, _signs);
            var asked = _asked.Count(name => name == "loop");
            await BeatAsync();
            await BeatAsync();
            await BeatAsync();
            Assert.Equal(2, _signs);
            Assert.Equal(asked, _asked.Count(name => name == "loop"));
            Assert.Equal(["loop hangs for 10"], _said);

            _loop = () => Task.CompletedTask;
            hang.SetResult();
            await BeatAsync();
            Assert.Equal(3, _signs);
            Assert.Equal(["loop hangs for 10", "loop is back after 40"], _said);
        });
    }

    [Fact]
    public async Task A_question_that_fails_is_not_answered_and_asked_again()
    {
        _engine = () => throw new InvalidOperationException("the engine is busy");
        await RunAsync(async () =>
        {
            await BeatAsync();
            await BeatAsync();
            Assert.Equal(0, _signs);
            Assert.Equal(["engine hangs for 10"], _said);
            _engine = () => Task.CompletedTask;
            await BeatAsync();
            Assert.Equal(0, _signs);
            await BeatAsync();
            Assert.Equal(1, _signs);
        });
    }

    [Fact]
    public async Task Every_one_that_hangs_is_named()
    {
        _engine = _loop = () => new TaskCompletionSource().Task;
        await RunAsync(BeatAsync);
        Assert.Equal(["engine hangs for 10", "loop hangs for 10"], _said);
    }

    private async Task RunAsync(Func<Task> test)
    {
        using var stop = new CancellationTokenSource();
        var dog = new Watchdog(
            Patience,
            [("engine", () => Ask("engine", _engine)), ("loop", () => Ask("loop", _loop)), ("last", EndBeat)],
            () => Interlocked.Increment(ref _signs),
            this,
            _time
        );
        var running = dog.RunAsync(stop.Token);
        await test();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    // The last part is asked when all else of a beat has happened.
    private async Task BeatAsync()
    {
        var before = Volatile.Read(ref _beats);
        _time.Advance(Beat);
        await Wait.Until(() => Volatile.Read(ref _beats) > before, "the next questions");
    }

    private Task Ask(string part, Func<Task> ask)
    {
        _asked.Add(part);
        return ask();
    }

    private Task EndBeat()
    {
        Interlocked.Increment(ref _beats);
        return Task.CompletedTask;
    }

    private void Say(string text) => _said.Add(text);
}

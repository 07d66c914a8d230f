using System.Text.Json;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Events;
using Fulcrum.Model.Hooks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Notifying.Tests;

public sealed class HookTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingSender _sender = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly EventLog _events;
    private Named<Hook> _hooks = Named<Hook>.From([Hook("pager")]);
    private Task _running = Task.CompletedTask;

    public HookTests() => _events = new(_time);

    public ValueTask InitializeAsync()
    {
        var notifier = new HookNotifier(
            "lb1",
            _events,
            () => _hooks,
            _sender,
            null,
            NullLogger.Instance,
            _time,
            new Random(1)
        );
        _sender.Clock = () => _time.GetUtcNow() - DateTimeOffset.UnixEpoch;
        _running = notifier.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(_running, "the notifier to end"));
        _stop.Dispose();
    }

    [Fact]
    public async Task What_happens_is_told_in_order()
    {
        Happen("a");
        Happen("b");
        await Told("pager", "a", "b");
        var telling = _sender.Tellings[0];
        Assert.Equal(("lb1", "pager", 0L), (telling.Node, telling.Hook, telling.Missed));
        Assert.Equal(
            ("backend", "backend/web/a", "serving", "unhealthy", "refused", true),
            (
                telling.Events[0].Type,
                telling.Events[0].Subject,
                telling.Events[0].From,
                telling.Events[0].To,
                telling.Events[0].Text,
                telling.Events[0].Bad
            )
        );
    }

    [Fact]
    public async Task What_fails_is_tried_again_with_growing_pauses_and_nothing_is_lost()
    {
        _sender.Failures = 3;
        Happen("a");
        await Wait.Until(() => _sender.Attempts == 1, "the first attempt");
        for (var attempt = 2; attempt <= 4; attempt++)
        {
            await Advance(() => _sender.Attempts == attempt, $"attempt {attempt}");
        }

        await Told("pager", "a");
        Assert.Equal(4, _sender.Attempts);
        Assert.InRange(_sender.Times[3] - _sender.Times[2], TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task What_was_given_up_is_counted_in_the_next_telling()
    {
        _sender.Failures = 5;
        Happen("a");
        await Advance(() => _sender.Attempts == 5, "five attempts");
        Happen("b");
        await Told("pager", "b");
        Assert.Equal(1, _sender.Tellings[^1].Missed);
    }

    [Fact]
    public async Task A_storm_is_told_together_and_its_oldest_part_is_left_out()
    {
        _sender.Hold();
        Happen("first");
        await Wait.Until(() => _sender.Attempts == 1, "the first telling to begin");
        for (var i = 0; i < 1500; i++)
        {
            Happen($"{i}");
        }

        await Wait.Until(() => _events.Newest == 1501, "all to have happened");
        // What is held back must be offered before it is let go: the notifier has no other work.
        Happen("last");
        await Task.Yield();
        _sender.Release();
        await Wait.Until(() => Subjects("pager").LastOrDefault() == "last", "the last to be told");
        Assert.True(_sender.Tellings.Count < 20, $"{_sender.Tellings.Count} tellings");
        Assert.Equal(1502, Subjects("pager").Count + _sender.Tellings.Sum(telling => telling.Missed));
    }

    [Theory]
    [InlineData("backend/web/*", false, "a, b")]
    [InlineData("*/b", false, "b")]
    [InlineData("~web/[ab]$", true, "a")]
    [InlineData("backend/web/a", false, "a")]
    public async Task A_hook_hears_only_what_it_asked_for(string subject, bool onlyBad, string told)
    {
        var pattern =
            subject.StartsWith('~') ? new TextPattern(TextPatternKind.Expression, subject[1..])
            : subject.Contains('*') ? new TextPattern(TextPatternKind.Wildcard, subject)
            : new TextPattern(TextPatternKind.Exact, subject);
        _hooks = Named<Hook>.From([
            Hook("pager") with
            {
                On = [EventKind.Backend],
                OnlyBad = onlyBad,
                Subjects = [pattern],
            },
            Hook("all"),
        ]);
        _events.Add(new NodeEvent(EventKind.Service, new(SubjectKind.Service, "b"), null, "healthy", "up"));
        Happen("a");
        Happen("b", isBad: false);
        await Told("all", "b", "a", "b");
        await Told("pager", told.Split(", "));
    }

    [Fact]
    public async Task A_hook_that_is_gone_is_told_no_more_and_a_new_one_is()
    {
        Happen("a");
        await Told("pager", "a");
        _hooks = Named<Hook>.From([Hook("other")]);
        Happen("b");
        await Told("other", "b");
        Assert.Equal(["a"], Subjects("pager"));
    }

    private static Hook Hook(string name) => new() { Name = name, Target = new ProgramHook(["/bin/true"]) };

    private void Happen(string backend, bool isBad = true) =>
        _events.Add(
            new NodeEvent(
                EventKind.Backend,
                new(SubjectKind.Backend, $"web/{backend}"),
                "serving",
                isBad ? "unhealthy" : "serving",
                "refused"
            )
            {
                IsBad = isBad,
            }
        );

    private Task Advance(Func<bool> until, string what) =>
        Wait.Until(
            () =>
            {
                if (!until())
                {
                    _time.Advance(TimeSpan.FromMilliseconds(500));
                }

                return until();
            },
            what
        );

    private Task Told(string hook, params string[] subjects) =>
        Wait.Until(() => Subjects(hook).SequenceEqual(subjects), $"{hook} to be told of {string.Join(", ", subjects)}");

    private List<string> Subjects(string hook) =>
        [
            .. _sender
                .Tellings.Where(telling => telling.Hook == hook)
                .SelectMany(telling => telling.Events)
                .Select(one => one.Subject.Split('/')[^1]),
        ];

    private sealed class RecordingSender : IHookSender
    {
        private readonly Lock _gate = new();
        private readonly List<TellingDocument> _tellings = [];
        private volatile TaskCompletionSource? _held;
        private int _attempts;

        public int Failures { get; set; }

        public int Attempts => Volatile.Read(ref _attempts);

        public List<TimeSpan> Times { get; } = [];

        public IReadOnlyList<TellingDocument> Tellings
        {
            get
            {
                lock (_gate)
                {
                    return [.. _tellings];
                }
            }
        }

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held!.SetResult();

        public async Task SendAsync(Hook hook, ReadOnlyMemory<byte> telling, CancellationToken cancellation)
        {
            int attempt;
            lock (_gate)
            {
                attempt = ++_attempts;
                Times.Add(Clock());
            }

            if (_held is { } held)
            {
                await held.Task.WaitAsync(cancellation);
            }

            if (attempt <= Failures)
            {
                throw new HookException("refused");
            }

            lock (_gate)
            {
                _tellings.Add(JsonSerializer.Deserialize(telling.Span, TellingJson.Default.TellingDocument)!);
            }
        }

        public Func<TimeSpan> Clock { get; set; } = () => TimeSpan.Zero;
    }
}

using Fulcrum.Commands;
using Fulcrum.Examining;
using Fulcrum.Output;
using Fulcrum.Tests.Examining;

namespace Fulcrum.Tests;

/// <summary>Somebody who types commands, at a time and at a terminal of the test's.</summary>
internal sealed class Prompt
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    /// <summary>2031-03-01 12:00:00Z, unless the test has another.</summary>
    public TimeProvider Time { get; init; } = new StoppedTime();

    /// <summary>Null: the output is no terminal.</summary>
    public int? Width { get; init; }

    public int Rows { get; init; } = 24;

    public IMachine Machine { get; init; } = new FakeMachine();

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["LANG"] = "C.UTF-8" };

    public string Output => _output.ToString();

    public string Errors => _errors.ToString();

    public Task<int> Type(params string[] arguments) => Type(TestContext.Current.CancellationToken, arguments);

    public Task<int> Type(CancellationToken cancellation, params string[] arguments) =>
        CommandLine.RunAsync(
            arguments,
            new Surroundings
            {
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false,
                Output = _output,
                Error = _errors,
                Time = Time,
                Machine = Machine,
                IsTerminal = Width is not null,
                IsErrorTerminal = Width is not null,
                HasKeys = false,
                Size = () => Width is { } width ? (width, Rows) : null,
                Variable = name => Variables.GetValueOrDefault(name),
            },
            cancellation
        );

    private sealed class StoppedTime : TimeProvider
    {
        private long _elapsed;

        public override DateTimeOffset GetUtcNow() => Samples.Now;

        // Two looks at the clock are a second apart, whatever happened between them.
        public override long GetTimestamp() => Interlocked.Add(ref _elapsed, TimestampFrequency);

        // Nobody has to wait.
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(
                callback,
                state,
                dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero,
                Timeout.InfiniteTimeSpan
            );
    }
}

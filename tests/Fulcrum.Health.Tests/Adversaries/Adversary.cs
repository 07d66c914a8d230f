using System.Net;
using System.Text.RegularExpressions;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Adversaries;

/// <summary>
/// A server that does what a script says, step by step, to each who comes. Steps stand between bars, and a step is a
/// word with what belongs to it: <c>hear | say 220 hello\r\n | silent</c>. It knows when nothing but time can bring it
/// further.
/// </summary>
internal abstract class Adversary(string script, ManualTimeProvider time) : IAsyncDisposable
{
    private readonly TaskCompletionSource _never = new();
    private int _idle;
    private long _met;

    public abstract EndPoint EndPoint { get; }

    /// <summary>How many have come.</summary>
    public long Met => Interlocked.Read(ref _met);

    /// <summary>Somebody came, and nothing more is said before time has passed, or ever.</summary>
    public bool IsIdle => Volatile.Read(ref _idle) > 0;

    protected ManualTimeProvider Time => time;

    protected IEnumerable<(string Word, string What)> Steps =>
        script
            .Split(" | ", StringSplitOptions.RemoveEmptyEntries)
            .Select(step => step.Split(' ', 2))
            .Select(step => (step[0], step.Length > 1 ? step[1] : ""));

    public abstract ValueTask DisposeAsync();

    protected static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(Regex.Unescape(text));

    protected void Meet()
    {
        Volatile.Write(ref _idle, 0);
        Interlocked.Increment(ref _met);
    }

    protected void Rest() => Volatile.Write(ref _idle, 1);

    protected void End() => _never.TrySetResult();

    /// <summary>Until the test is over.</summary>
    protected Task Silence()
    {
        Rest();
        return _never.Task;
    }

    /// <summary>Until so much virtual time has passed.</summary>
    protected async Task Pause(TimeSpan span)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = time.CreateTimer(
            _ =>
            {
                // At once, on the thread that moves time: it must not go on before what is due now is done.
                Volatile.Write(ref _idle, 0);
                over.TrySetResult();
            },
            null,
            span,
            System.Threading.Timeout.InfiniteTimeSpan
        );
        Rest();
        await Task.WhenAny(over.Task, _never.Task);
    }
}

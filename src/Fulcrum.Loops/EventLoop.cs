using System.Diagnostics.CodeAnalysis;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Loops.Scheduling;

namespace Fulcrum.Loops;

/// <summary>
/// One thread that waits in epoll and runs what becomes ready: the only place where the user-space plane, the
/// probes and the announcers do their work, one loop for each core and nothing shared between them.
/// <para>
/// A turn is: wait, set the time, hand out the events, run the messages of other threads, run the timers that are
/// due, give another turn to those who asked for one. The wait is as long as the next timer allows, and no time
/// at all while somebody is ready.
/// </para>
/// <para>
/// A socket is registered once, edge triggered for everything that can happen to it, and never modified; its owner
/// remembers what is readable and writable. Closing the descriptor ends the registration; the token must be given
/// back to the <see cref="Reactor"/> then.
/// </para>
/// <para>
/// The time is the <see cref="TimeProvider"/>'s. The system's own clock needs no timer of the runtime, because the
/// wait itself can end in time; any other clock wakes the loop by one.
/// </para>
/// </summary>
public sealed class EventLoop : IDisposable
{
    private const EpollEvents Everything =
        EpollEvents.Readable | EpollEvents.Writable | EpollEvents.PeerClosed | EpollEvents.EdgeTriggered;

    private const EpollEvents Incoming = EpollEvents.Readable | EpollEvents.EdgeTriggered;

    private const ulong MailboxToken = ulong.MaxValue;
    private const int LongestWait = 60_000;

    private readonly Epoll _epoll = new();
    private readonly Mailbox _mailbox = new();
    private readonly EventBuffer _events;
    private readonly TimeProvider _time;
    private readonly ITimer? _alarm;
    private readonly Thread _thread;
    private bool _stopping;
    private bool _disposed;

    /// <summary>Starts the thread. The loop runs until it is disposed.</summary>
    /// <param name="name">The thread's name, for people.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="time">The clock of all timers.</param>
    public EventLoop(string name, LoopOptions options, TimeProvider time)
    {
        _time = time;
        _events = new EventBuffer(options.EventsPerTurn);
        Reactor = new Reactor(options, ToMilliseconds(time.GetTimestamp()));
        _ = LinuxException.ThrowIfError(
            _epoll.Register(_mailbox.Descriptor, Incoming, MailboxToken),
            "register the mailbox"
        );
        if (!ReferenceEquals(time, TimeProvider.System))
        {
            _alarm = time.CreateTimer(_ => _mailbox.Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Sockets, timers, buffers and counters of this loop; everything but the counters is for its thread only.</summary>
    public Reactor Reactor { get; }

    public LoopCounters Counters => Reactor.Counters;

    /// <summary>The thread's name.</summary>
    public string Name => _thread.Name!;

    /// <summary>Messages that wait for the loop to look.</summary>
    public int Waiting => _mailbox.Count;

    /// <summary>Whether the caller is on this loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>
    /// Registers a non-blocking descriptor with a token of <see cref="Reactor.AddSocket"/>. 0 or a negative errno.
    /// </summary>
    public int Register(int descriptor, ulong token) => _epoll.Register(descriptor, Everything, token);

    /// <summary>
    /// The same for a socket that never waits until it can send, as those for datagrams: it would hear of every one that
    /// has left.
    /// </summary>
    public int RegisterIncoming(int descriptor, ulong token) => _epoll.Register(descriptor, Incoming, token);

    /// <summary>
    /// Ends a registration. Whoever closes a descriptor whose socket may live on, in another process or under another
    /// descriptor, says so first.
    /// </summary>
    public void Unregister(int descriptor) => _epoll.Unregister(descriptor);

    /// <summary>A timestamp of that clock as loops on it tell time: <see cref="Reactor.Microseconds"/>.</summary>
    public static long ToMicroseconds(TimeProvider time, long timestamp) => ToUnits(time, timestamp, 1_000_000);

    /// <summary>Runs <paramref name="run"/> on the loop. May be called from any thread; what it throws is counted.</summary>
    public void Post(Action<object?> run, object? state) => _mailbox.Post(run, state);

    /// <summary>Runs <paramref name="function"/> on the loop and returns what it returns or throws.</summary>
    public Task<T> InvokeAsync<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    completion.SetResult(function());
                }
                catch (Exception exception)
                {
                    completion.SetException(exception);
                }
            },
            null
        );
        return completion.Task;
    }

    /// <inheritdoc cref="InvokeAsync{T}(Func{T})"/>
    public Task InvokeAsync(Action action) =>
        InvokeAsync(() =>
        {
            action();
            return true;
        });

    /// <summary>Ends the thread after its present turn and waits for that. Who still has sockets here loses them.</summary>
    [SuppressMessage("Reliability", "CA2213", Justification = "The buffers are freed by the thread that uses them.")]
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        _alarm?.Dispose();
        Post(_ => _stopping = true, null);
        _thread.Join();
        _epoll.Dispose();
        _mailbox.Dispose();
        _events.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            var count = _epoll.Wait(_events, WaitTime());
            var began = _time.GetTimestamp();
            Reactor.BeginTurn(ToMilliseconds(began), ToMicroseconds(_time, began));
            var mail = false;
            for (var index = 0; index < count; index++)
            {
                var (events, token) = _events[index];
                if (token == MailboxToken)
                {
                    mail = true;
                }
                else
                {
                    Reactor.Dispatch(token, events);
                }
            }
            if (mail)
            {
                _mailbox.Run(Reactor);
            }
            Reactor.RunTimers();
            Reactor.RunReady();
            Count(began);
        }
    }

    private void Count(long began)
    {
        Counters.Turns++;
        var microseconds = (long)_time.GetElapsedTime(began).TotalMicroseconds;
        if (microseconds > Counters.LongestTurn)
        {
            Counters.LongestTurn = microseconds;
        }
    }

    private int WaitTime()
    {
        if (Reactor.HasReady)
        {
            return 0;
        }
        var due = Reactor.NextTimer;
        if (due == TimerWheel.Never)
        {
            return -1;
        }
        var stamp = _time.GetTimestamp();
        var wait = due - ToMilliseconds(stamp);
        if (wait <= 0)
        {
            return 0;
        }
        if (_alarm is null)
        {
            return (int)Math.Min(wait, LongestWait);
        }
        _ = _alarm.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        // That clock may have moved since it was read, and then the alarm is set too late.
        return _time.GetTimestamp() == stamp ? -1 : 0;
    }

    private long ToMilliseconds(long timestamp) => ToUnits(_time, timestamp, 1_000);

    private static long ToUnits(TimeProvider time, long timestamp, long perSecond)
    {
        var (seconds, rest) = Math.DivRem(timestamp, time.TimestampFrequency);
        return (seconds * perSecond) + (rest * perSecond / time.TimestampFrequency);
    }
}

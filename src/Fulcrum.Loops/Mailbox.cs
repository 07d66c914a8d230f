using System.Collections.Concurrent;
using Fulcrum.Linux.Events;

namespace Fulcrum.Loops;

/// <summary>
/// Messages from other threads to a loop: a lock-free queue, and an eventfd that is signalled once for all messages
/// which come before the loop looks.
/// </summary>
internal sealed class Mailbox : IDisposable
{
    private readonly ConcurrentQueue<(Action<object?> Run, object? State)> _queue = new();
    private readonly EventFd _bell = new();
    private int _rung;

    public int Descriptor => _bell.Descriptor;

    /// <summary>Messages that wait.</summary>
    public int Count => _queue.Count;

    public void Post(Action<object?> run, object? state)
    {
        _queue.Enqueue((run, state));
        Ring();
    }

    /// <summary>Wakes the loop without a message.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            _bell.Signal();
        }
    }

    /// <summary>Runs the messages that are there now; those that they post wait for the next turn.</summary>
    public void Run(Reactor reactor)
    {
        // Before the queue is read: whoever posts from here on rings again.
        _ = Interlocked.Exchange(ref _rung, 0);
        for (var left = _queue.Count; left > 0 && _queue.TryDequeue(out var message); left--)
        {
            reactor.Counters.Messages++;
            try
            {
                message.Run(message.State);
            }
            catch (Exception fault)
            {
                reactor.CountFault(fault);
            }
        }
    }

    public void Dispose() => _bell.Dispose();
}

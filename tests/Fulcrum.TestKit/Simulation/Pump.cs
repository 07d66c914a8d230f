namespace Fulcrum.TestKit.Simulation;

/// <summary>
/// Runs asynchronous code on the calling thread, one continuation after the other, in an order that depends on nothing
/// but the code: with a <see cref="ManualTimeProvider"/> a run repeats itself exactly.
/// </summary>
public sealed class Pump : SynchronizationContext
{
    private const int MostSteps = 1_000_000;

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _waiting = [];
    private bool _dead;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!_dead)
        {
            _waiting.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Begins something asynchronous inside.</summary>
    public Task<T> Start<T>(Func<Task<T>> begin) => Within(begin);

    /// <inheritdoc cref="Start{T}(Func{Task{T}})"/>
    public Task Start(Func<Task> begin) => Within(begin);

    /// <summary>Runs until nothing is left to do before time goes on.</summary>
    public void RunUntilIdle() =>
        Within(() =>
        {
            for (var step = 0; _waiting.TryDequeue(out var next); step++)
            {
                next.Callback(next.State);
                if (step == MostSteps)
                {
                    throw new InvalidOperationException($"still busy after {MostSteps} steps without any time passing");
                }
            }

            return true;
        });

    /// <summary>The process is gone: nothing that still runs inside ever goes on.</summary>
    public void Kill()
    {
        _dead = true;
        _waiting.Clear();
    }

    private T Within<T>(Func<T> act)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            return act();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}

using System.Threading.Channels;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Keeping;
using Fulcrum.Model.Overrides;

namespace Fulcrum.Engine.Overriding;

/// <summary>
/// Takes operators' decisions in the order they come: first the journal has them, then the engine acts on them, then
/// the operator is told. A disk that hangs holds up operators, never the engine.
/// </summary>
/// <param name="decided">Hands a decision that is durable to the engine; null: taken back.</param>
internal sealed class OverrideKeeper(Journal journal, Action<OverrideTarget, Override?> decided)
{
    /// <summary>Decisions that wait for the disk; past it the next operator waits.</summary>
    private const int MostWaiting = 1024;

    private readonly Channel<Order> _orders = Channel.CreateBounded<Order>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );

    /// <summary>Complete when the decision outlives whatever happens to the process.</summary>
    /// <exception cref="JournalException">It could not be kept; nothing changed.</exception>
    public Task KeepAsync(OverrideTarget target, Override? decision, CancellationToken cancellation) =>
        KeepAsync(new Order(target, decision, null), cancellation);

    /// <summary>Takes back a decision that has expired, unless another has taken its place.</summary>
    /// <exception cref="JournalException">It could not be taken back; it counts no more all the same.</exception>
    public Task ForgetAsync(Override expired, CancellationToken cancellation) =>
        KeepAsync(new Order(expired.Target, null, expired), cancellation);

    private async Task KeepAsync(Order order, CancellationToken cancellation)
    {
        try
        {
            await _orders.Writer.WriteAsync(order, cancellation);
        }
        catch (ChannelClosedException)
        {
            throw JournalException.Stopping();
        }

        await order.Done.Task;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            var batch = new List<Order>();
            while (await _orders.Reader.WaitToReadAsync(cancellation))
            {
                batch.Clear();
                while (batch.Count < MostWaiting && _orders.Reader.TryRead(out var order))
                {
                    batch.Add(order);
                }

                await KeepAsync(batch, cancellation);
            }
        }
        finally
        {
            _orders.Writer.TryComplete();
            while (_orders.Reader.TryRead(out var order))
            {
                order.Done.TrySetException(JournalException.Stopping());
            }
        }
    }

    private async Task KeepAsync(List<Order> batch, CancellationToken cancellation)
    {
        var changes = new List<JournalChange>();
        var valid = batch.FindAll(order => Adds(order, changes));
        try
        {
            if (changes.Count > 0)
            {
                await journal.AppendAsync(changes).WaitAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The disk hangs and the node stops: nobody knows, and nobody waits.
            batch.ForEach(order => order.Done.TrySetException(JournalException.Stopping()));
            throw;
        }
        catch (JournalException error)
        {
            batch.ForEach(order => order.Done.TrySetException(error));
            return;
        }

        valid.ForEach(order => decided(order.Target, order.Decision));
        batch.ForEach(order => order.Done.TrySetResult());
    }

    private bool Adds(Order order, List<JournalChange> changes)
    {
        var change = KeptState.Change(order.Target, order.Decision);
        if (order.Expired is { } expired)
        {
            var waiting = changes.FindLast(earlier => earlier.Key == change.Key);
            var present = waiting is null ? journal.Entries[change.Key] : waiting.Value;
            if (present != KeptState.Change(expired.Target, expired).Value)
            {
                return false;
            }
        }

        changes.Add(change);
        return true;
    }

    /// <param name="Decision">Null: taken back.</param>
    /// <param name="Expired">When not null, only while this is the decision that is kept.</param>
    private sealed record Order(OverrideTarget Target, Override? Decision, Override? Expired)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using System.Threading.Channels;
using Fulcrum.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.History;

/// <summary>Writes every change down beside the engine, which does not wait for it.</summary>
public sealed partial class HistoryKeeper(SnapshotHistory history, ILogger<HistoryKeeper> log) : IChangeListener
{
    /// <summary>Past it the oldest that waits is left out: the newest are worth most.</summary>
    private const int MostWaiting = 16;

    private readonly Channel<AppliedChange> _changes = Channel.CreateBounded<AppliedChange>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    public void OnApplied(AppliedChange change) => _changes.Writer.TryWrite(change);

    /// <summary>Nothing comes any more; <see cref="RunAsync"/> ends when all is written.</summary>
    public void Complete() => _changes.Writer.TryComplete();

    public Task RunAsync() => Task.Run(WriteAsync);

    private async Task WriteAsync()
    {
        await foreach (var change in _changes.Reader.ReadAllAsync())
        {
            try
            {
                history.Add(change);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                LogNotWritten(error.Message);
            }
        }
    }
}

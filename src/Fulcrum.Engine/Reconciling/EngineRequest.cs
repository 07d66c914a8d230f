namespace Fulcrum.Engine.Reconciling;

/// <summary>Something that somebody wants done by the engine's loop, and the promise of an answer.</summary>
internal sealed class EngineRequest<T>(Func<CancellationToken, ValueTask<T>> serve) : IEngineRequest
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public async ValueTask ServeAsync(CancellationToken cancellation)
    {
        try
        {
            _answer.TrySetResult(await serve(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _answer.TrySetCanceled(cancellation);
            throw;
        }
#pragma warning disable CA1031 // Law 4: it belongs to who asked; the loop lives on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _answer.TrySetException(error);
        }
    }

    public void Cancel() => _answer.TrySetCanceled();

    public void Refuse(Exception reason) => _answer.TrySetException(reason);
}

namespace Fulcrum.Engine.Reconciling;

/// <summary>The way out.</summary>
public sealed partial class Reconciler
{
    private TaskCompletionSource? _withdrawn;

    /// <summary>
    /// Withdraws announcements, then addresses, while the planes still carry every service; draining the planes comes
    /// after that. False: not all was gone within the patience; <see cref="Status"/> says what is left.
    /// </summary>
    public async Task<bool> WithdrawAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var withdrawn = await AskAsync(end => StopAsync(end));
        try
        {
            await withdrawn.WaitAsync(patience, _time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async ValueTask<Task> StopAsync(CancellationToken cancellation)
    {
        _withdrawn ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        await FollowAsync(_inputs with { Stopping = true }, _outlets!, cancellation);
        NoticeWithdrawn();
        return _withdrawn.Task;
    }

    private void NoticeWithdrawn()
    {
        if (_inputs.Observed is { Addresses.IsEmpty: true, Announcements.IsEmpty: true })
        {
            _withdrawn?.TrySetResult();
        }
    }
}

namespace Fulcrum.Engine.Reconciling;

/// <summary>The way out.</summary>
public sealed partial class Reconciler
{
    private readonly List<TaskCompletionSource<bool>> _leaving = [];

    /// <summary>
    /// Withdraws announcements, then addresses, while the planes still carry every service; draining the planes comes
    /// after that. False: not all was gone within the patience; <see cref="Status"/> says what is left.
    /// </summary>
    public async Task<bool> WithdrawAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var gone = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(end => StopAsync(gone, end), isOwn: true);
        using var late = new CancellationTokenSource(patience, _time);
        using var giveUp = late.Token.Register(() => gone.TrySetResult(false));
        using var cancel = cancellation.Register(() => gone.TrySetCanceled(cancellation));
        return await gone.Task;
    }

    private async ValueTask<bool> StopAsync(TaskCompletionSource<bool> gone, CancellationToken cancellation)
    {
        _leaving.Add(gone);
        await FollowAsync(_inputs with { Stopping = true }, _outlets!, cancellation);
        NoticeWithdrawn();
        return true;
    }

    private void NoticeWithdrawn()
    {
        if (_leaving.Count > 0 && _inputs.Observed is { Addresses.IsEmpty: true, Announcements.IsEmpty: true })
        {
            _leaving.ForEach(gone => gone.TrySetResult(true));
            _leaving.Clear();
        }
    }
}

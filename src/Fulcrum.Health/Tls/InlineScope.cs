namespace Fulcrum.Health.Tls;

/// <summary>
/// While it lasts, what follows a completed task runs on this thread at once: under a synchronization context the
/// runtime would give it to the thread pool instead. A loop has none, so there it costs nothing.
/// </summary>
internal readonly ref struct InlineScope
{
    private readonly SynchronizationContext? _former = SynchronizationContext.Current;

    public InlineScope()
    {
        if (_former is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    public void Dispose()
    {
        if (_former is not null)
        {
            SynchronizationContext.SetSynchronizationContext(_former);
        }
    }
}

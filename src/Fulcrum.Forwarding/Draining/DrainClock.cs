namespace Fulcrum.Forwarding.Draining;

/// <summary>
/// Until when backends that drain keep what they have. A table that says nothing of it means its service's deadline
/// after it was first seen so.
/// </summary>
internal sealed class DrainClock
{
    private readonly Dictionary<(string Service, string Backend), DateTimeOffset> _since = [];

    public DateTimeOffset DeadlineOf(string service, string backend, TimeSpan deadline, DateTimeOffset now)
    {
        if (!_since.TryGetValue((service, backend), out var since))
        {
            _since[(service, backend)] = since = now;
        }

        return since + deadline;
    }

    /// <summary>Forgets who does not drain any more.</summary>
    public void Keep(IReadOnlySet<(string Service, string Backend)> draining)
    {
        foreach (var gone in _since.Keys.Where(key => !draining.Contains(key)).ToList())
        {
            _since.Remove(gone);
        }
    }
}

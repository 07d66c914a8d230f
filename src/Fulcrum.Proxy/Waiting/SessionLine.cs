using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Waiting;

/// <summary>
/// Sessions of one loop that have no backend for now, in the order in which they came. The links are those that a
/// session has for its backend's list: it is in one or the other.
/// </summary>
internal sealed class SessionLine
{
    private BackendSession? _last;

    public BackendSession? First { get; private set; }

    public void Add(BackendSession session)
    {
        (session.PreviousOfBackend, session.NextOfBackend) = (_last, null);
        if (_last is not null)
        {
            _last.NextOfBackend = session;
        }
        First ??= session;
        _last = session;
    }

    public void Remove(BackendSession session)
    {
        if (session.PreviousOfBackend is { } previous)
        {
            previous.NextOfBackend = session.NextOfBackend;
        }
        else
        {
            First = session.NextOfBackend;
        }
        if (session.NextOfBackend is { } next)
        {
            next.PreviousOfBackend = session.PreviousOfBackend;
        }
        else
        {
            _last = session.PreviousOfBackend;
        }
        session.NextOfBackend = session.PreviousOfBackend = null;
    }

    /// <summary>Ends all that wait.</summary>
    public void AbortAll()
    {
        while (First is { } session)
        {
            session.Abort();
        }
    }
}

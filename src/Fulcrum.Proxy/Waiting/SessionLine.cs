using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Waiting;

/// <summary>
/// Sessions of one loop that have no backend for now, in the order in which they came.
/// </summary>
internal sealed class SessionLine
{
    private BackendSession? _last;

    public BackendSession? First { get; private set; }

    public void Add(BackendSession session)
    {
        (session.PreviousInLine, session.NextInLine) = (_last, null);
        if (_last is not null)
        {
            _last.NextInLine = session;
        }
        First ??= session;
        _last = session;
    }

    public void Remove(BackendSession session)
    {
        if (session.PreviousInLine is { } previous)
        {
            previous.NextInLine = session.NextInLine;
        }
        else
        {
            First = session.NextInLine;
        }
        if (session.NextInLine is { } next)
        {
            next.PreviousInLine = session.PreviousInLine;
        }
        else
        {
            _last = session.PreviousInLine;
        }
        session.NextInLine = session.PreviousInLine = null;
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

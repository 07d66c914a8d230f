using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Waiting;

/// <summary>
/// Sessions of one loop that wait for something, in the order in which they came.
/// </summary>
internal sealed class SessionLine
{
    public BackendSession? First { get; private set; }

    public BackendSession? Last { get; private set; }

    public int Count { get; private set; }

    public void Add(BackendSession session)
    {
        (session.PreviousInLine, session.NextInLine) = (Last, null);
        if (Last is not null)
        {
            Last.NextInLine = session;
        }
        First ??= session;
        Last = session;
        Count++;
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
            Last = session.PreviousInLine;
        }
        session.NextInLine = session.PreviousInLine = null;
        Count--;
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

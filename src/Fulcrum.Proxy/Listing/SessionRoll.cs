using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Listing;

/// <summary>
/// All sessions of one loop, each in a place of its own, so that they can be looked at a few at a time: a place stays
/// the session's while it lasts, whatever comes and goes around it.
/// <para>
/// Places belong to the session objects, which are used again and again; when a session begins only the next number of
/// a sequence is written into its object. There are as many places as there were ever sessions at the same time.
/// </para>
/// </summary>
internal sealed class SessionRoll
{
    private const int NoPlace = -1;

    private readonly Stack<int> _free = new();
    private BackendSession?[] _sessions = new BackendSession?[64];
    private int _used;
    private long _sequence;

    /// <param name="sequence">
    /// What the sequence goes on from. Microseconds of a clock: no loop begins a million sessions each second for as
    /// long as it runs, so that numbers do not come again after a restart.
    /// </param>
    public SessionRoll(long sequence = 0) => _sequence = sequence;

    /// <summary>How many places there are.</summary>
    public int Places => _used;

    /// <summary>The session begins.</summary>
    public void Begin(BackendSession session)
    {
        if (session.Place == NoPlace)
        {
            Enrol(session);
        }
        session.Sequence = ++_sequence;
    }

    /// <summary>The session has ended.</summary>
    /// <param name="isKept">Its object will be used again.</param>
    public void End(BackendSession session, bool isKept)
    {
        session.Sequence = 0;
        if (!isKept)
        {
            _sessions[session.Place] = null;
            _free.Push(session.Place);
            session.Place = NoPlace;
        }
    }

    /// <summary>The session that is called so, if it lasts.</summary>
    public BackendSession? Find(int place, long sequence) =>
        place < _used && _sessions[place] is { } session && sequence > 0 && session.Sequence == sequence
            ? session
            : null;

    /// <summary>Looks at some places, and copies of the sessions there those that are asked for.</summary>
    /// <param name="places">So many at most.</param>
    public void Walk(SessionWalk walk, int places)
    {
        var end = Math.Min(_used, (long)walk.Place + places);
        for (; walk.Place < end; walk.Place++)
        {
            if (_sessions[walk.Place] is { Sequence: > 0 } session)
            {
                session.Describe(out var sight);
                (sight.Place, sight.Sequence) = (session.Place, session.Sequence);
                walk.Take(sight);
            }
        }
        walk.IsOver = walk.Place >= _used;
    }

    private void Enrol(BackendSession session)
    {
        if (!_free.TryPop(out var place))
        {
            place = _used++;
            if (place == _sessions.Length)
            {
                Array.Resize(ref _sessions, place * 2);
            }
        }
        _sessions[place] = session;
        session.Place = place;
    }
}

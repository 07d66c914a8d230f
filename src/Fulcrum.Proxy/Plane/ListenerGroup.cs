using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// Several sockets of one address on one loop, or none: what comes of inheriting more or fewer than there are loops.
/// They share one entrance.
/// </summary>
internal sealed class ListenerGroup(Entrance entrance, ILoopListener[] members) : ILoopListener
{
    public Entrance Entrance => entrance;

    public bool IsClosed => Array.TrueForAll(members, member => member.IsClosed);

    public IEnumerable<int> Descriptors => members.SelectMany(member => member.Descriptors);

    public void Start(int backlog) => Array.ForEach(members, member => member.Start(backlog));

    public void Close(TimeSpan deadline) => Array.ForEach(members, member => member.Close(deadline));

    public void HandOver(TimeSpan deadline) => Array.ForEach(members, member => member.HandOver(deadline));

    public void Abort() => Array.ForEach(members, member => member.Abort());
}

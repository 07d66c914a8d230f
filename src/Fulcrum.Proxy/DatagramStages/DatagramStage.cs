using Fulcrum.Linux.Events;
using Fulcrum.Loops;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>
/// What one direction of a session of datagrams passes: it is given one datagram, and passes on none, it, or several to
/// the next. A stream's stages pull (see <see cref="Stages.ByteStage"/>), so that its sender can wait; a datagram's sender
/// does not wait for anybody, so a stage neither holds up the loop nor keeps a queue: what cannot pass now is dropped, and
/// counted.
/// <para>
/// A stage lives on its session's loop and may own sockets and a timer. It allocates when the session begins and not for
/// what passes. Which stages there are stands in <see cref="DatagramStageCatalogue"/>: a class and a line there for each.
/// </para>
/// </summary>
internal abstract class DatagramStage(DatagramStageContext context) : LoopObject, IDatagramSink
{
    protected DatagramStageContext Context => context;

    /// <summary>Where it passes datagrams on to.</summary>
    protected IDatagramSink Next => context.Next;

    public abstract void Take(ReadOnlySpan<byte> datagram);

    /// <summary>The session has ended: lets go of everything. May be called twice.</summary>
    public virtual void Close() => context.Host.Reactor.Forget(this);

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnFault(Exception fault) => context.Host.AbortSession();
}

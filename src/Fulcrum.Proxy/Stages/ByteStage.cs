using Fulcrum.Linux.Events;
using Fulcrum.Loops;
using Fulcrum.Proxy.AccessLogs;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// What one direction of a session passes: a source that reads from another. A session pulls at the last stage of its
/// chain and sends on what it gets, so that whoever receives slowly slows down all before him, and no stage needs a queue.
/// A session without stages does not know of any of this.
/// <para>
/// A stage lives on its session's loop and may own sockets and a timer. It allocates when the session begins and not for
/// what passes. Which stages there are stands in <see cref="StageCatalogue"/>: a class and a line there for each.
/// </para>
/// </summary>
internal abstract class ByteStage(StageContext context) : LoopObject, IByteSource
{
    protected StageContext Context => context;

    /// <summary>What it reads from.</summary>
    protected IByteSource Source => context.Source;

    public abstract int Read(Span<byte> buffer);

    /// <summary>The session has ended: lets go of everything. May be called twice.</summary>
    public virtual void Close() => context.Host.Reactor.Forget(this);

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnFault(Exception fault) => context.Host.EndSession(SessionEnd.Aborted);
}

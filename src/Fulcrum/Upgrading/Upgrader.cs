using Fulcrum.Engine.Events;
using Fulcrum.Engine.Reasons;
using Fulcrum.Hosting;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Events;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Upgrading;

/// <summary>
/// Lets another process take the place of this one, without a connection that is refused or lost.
/// <para>
/// The program is started as it is on the disk, with the arguments of this process, beside it. When it has read its
/// configuration, this process takes no more changes, lets go of the journal, and gives it every listening socket and
/// what it knows of backends. Sockets are shared: connections that wait in their queues are accepted by whoever comes
/// first, and none is lost when one of the two closes its copy. When the other serves on every loop, it is told that the
/// node is its own; this process accepts nothing more, finishes its sessions and ends.
/// </para>
/// <para>
/// Whatever goes wrong before that costs the attempt: the other process is ended, and this one goes on as before and says
/// why.
/// </para>
/// </summary>
internal sealed partial class Upgrader(
    RunningNode node,
    UpgradeDesk desk,
    OwnProgram? program,
    StateClaim claim,
    ServiceManager manager,
    ILogger log
)
{
    /// <summary>The kernel ends all of a container, or what else has process numbers of its own, with it.</summary>
    private const int FirstProcess = 1;

    /// <returns>The process whose the node is now; this one has its sessions to finish. Null: nothing came of it.</returns>
    /// <param name="stop">The node is to stop: the attempt is given up.</param>
    public async Task<Successor?> RunAsync(CancellationToken stop)
    {
        manager.Reloading();
        LogBegan(desk.Last.By);
        Successor? next = null;
        try
        {
            if (Environment.ProcessId == FirstProcess)
            {
                throw new HandoverException(
                    "this process is the first of its container, which would end with it; replace the container"
                );
            }

            next = await Task.Run(() =>
                Successor.Start(
                    program ?? throw new HandoverException("this system does not say what we run"),
                    desk.Within
                )
            );
            await using var interrupting = stop.Register(next.Interrupt);
            await Task.Run(next.AwaitStart, CancellationToken.None);
            LogStarted(next.ProcessId);
            await Task.Run(next.Greet, CancellationToken.None);
            desk.Freeze("another process takes over this node; try again in a moment");
            await node.FreezeAsync();
            await GiveAsync(next);
            await Task.Run(next.AwaitServing, CancellationToken.None);
            await interrupting.DisposeAsync();
            if (stop.IsCancellationRequested)
            {
                throw new HandoverException("the node is stopping");
            }

            // First: what it says for itself from then on is heard of the main process alone.
            manager.MainProcess(next.ProcessId, $"process {next.ProcessId} takes over");
            await Task.Run(next.GiveOver, CancellationToken.None);
        }
        catch (HandoverException error)
        {
            await GoOnAsync(next, error);
            return null;
        }
#pragma warning disable CA1031 // Law 4: whatever goes wrong with an upgrade costs the attempt.
        catch (Exception error)
#pragma warning restore CA1031
        {
            await GoOnAsync(next, new(error.Message));
            return null;
        }

        claim.Leave();
        desk.Finish(next.ProcessId, next.Version);
        LogDone(next.ProcessId, next.Version);
        return next;
    }

    private async Task GiveAsync(Successor next)
    {
        var sockets = await node.ShareAsync();
        try
        {
            var known = node.Bequeath();
            var last = desk.Last;
            await Task.Run(() =>
                next.Give([(Legacy.LockName, claim.Descriptor), .. sockets], known, last.Id, last.By ?? "")
            );
        }
        finally
        {
            foreach (var (_, descriptor) in sockets)
            {
                _ = SocketCalls.Close(descriptor);
            }
        }
    }

    private async Task GoOnAsync(Successor? next, HandoverException error)
    {
        if (next is not null)
        {
            await Task.Run(() => next.End(error));
            next.Dispose();
        }

        await node.ThawAsync();
        desk.Fail(error.Message);
        var text = $"not upgraded, this process goes on as before: {error.Message}";
        node.Engine.Events.Add(
            new NodeEvent(
                EventKind.Trouble,
                new(SubjectKind.Node, node.Identity.Node),
                "upgrading",
                "not upgraded",
                error.Message
            )
            {
                IsBad = true,
            }
        );
        LogFailed(error.Message);
        manager.Ready(text);
    }
}

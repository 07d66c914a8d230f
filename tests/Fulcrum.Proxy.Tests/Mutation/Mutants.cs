namespace Fulcrum.Proxy.Tests.Mutation;

/// <summary>The faults that relays are known for, and some that this one could have had.</summary>
public static class Mutants
{
    private const string Session = "Fulcrum.Proxy/Tcp/TcpSession.cs";
    private const string Slots = "Fulcrum.Loops/Scheduling/SlotTable.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "a short read is taken for the end of the stream",
            Session,
            "&& isAll && !from.HangUp) { from.Readable = false;",
            "&& isAll && !from.HangUp) { EndOrWait(ref from, ref to, 0);"
        ),
        new(
            "a short read is taken for an empty queue although a hang-up is pending",
            Session,
            "isAll && !from.HangUp",
            "isAll"
        ),
        new(
            "an edge is forgotten while the other side is full",
            Session,
            "if (!from.Readable || from.Ended || !to.Writable || to.Broken)",
            "from.Readable &= to.Writable; if (!from.Readable || from.Ended || !to.Writable || to.Broken)"
        ),
        new(
            "a half-close is swallowed",
            Session,
            "if (_relay.Io.ShutdownWrite(to.Descriptor) < 0)",
            "if (to.Finished)"
        ),
        new(
            "what the receiver did not take is dropped",
            Session,
            "Keep(ref to, scratch.AsSpan(sent, count - sent));",
            ""
        ),
        new(
            "new data overtakes the overflow",
            Session,
            "if (to.Overflow is not null && !Flush(",
            "if (to.Overflow is not null && !from.Readable && !Flush("
        ),
        new(
            "the end is passed on before the overflow",
            Session,
            "ref serviceBytes, ref backendBytes)) { return false;",
            "ref serviceBytes, ref backendBytes)) { if (from.HangUp && !from.Ended) EndOrWait(ref from, ref to, 0); return false;"
        ),
        new("a partial flush is not advanced", Session, "to.OverflowStart += sent;", ""),
        new("a reset is passed on as a clean end", Session, "if (result < 0 || from.Broken)", "if (from.Broken)"),
        new(
            "the end-of-stream that follows a reset is believed",
            Session,
            "if (result < 0 || from.Broken)",
            "if (result < 0)"
        ),
        new("a session whose budget is used up is not queued again", Session, "Reactor.MakeReady(this);", ""),
        new(
            "an event of a socket that is gone is taken for its successor's",
            Slots,
            "return slot.Owner is not null && slot.Generation == (uint)(token >> 32);",
            "return slot.Owner is not null;"
        ),
        new(
            "the news of a connection is ignored",
            Session,
            "if (!_connected && !FinishConnect(events))",
            "if (!_connected)"
        ),
        new(
            "a buffer is given back twice",
            Session,
            "Reactor.Buffers.Return(buffer);",
            "Reactor.Buffers.Return(buffer); Reactor.Buffers.Return(buffer);"
        ),
        new("a buffer is kept for ever", Session, "Drop(ref _client); Drop(ref _server);", "Drop(ref _client);"),
        new(
            "an empty queue is taken for an error",
            Session,
            "if (result == -(int)Errno.TryAgain) { return;",
            "if (result == -(int)Errno.Interrupted) { return;"
        ),
        new("a full queue is taken for an error", Session, "if (sent != -(int)Errno.TryAgain)", "if (sent < 0)"),
        new("a failed send is ignored", Session, "to.Break(); } return 0;", "} return 0;"),
        new(
            "more is read than was taken when no buffer is left",
            Session,
            "scratch.AsSpan(0, sent)",
            "scratch.AsSpan(0, count)"
        ),
        new(
            "a broken session closes its server's connection in peace",
            Session,
            "_ = _relay.Io.Reset(_server.Descriptor); } End();",
            "_ = _relay.Io.Close(_server.Descriptor); } End();"
        ),
        new("timers outlive their session", Session, "Reactor.Forget(this);", ""),
        new("no other backend is tried", Session, "LeaveBackend(); Connect();", "LeaveBackend(); Abort();"),
    ];
}

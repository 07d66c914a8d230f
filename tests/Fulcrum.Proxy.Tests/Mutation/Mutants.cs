namespace Fulcrum.Proxy.Tests.Mutation;

/// <summary>The faults that relays are known for, and some that this one could have had.</summary>
public static class Mutants
{
    private const string Session = "Fulcrum.Proxy/Streams/StreamSession.cs";
    private const string Connecting = "Fulcrum.Proxy/Streams/StreamSession.Connecting.cs";
    private const string Relaying = "Fulcrum.Proxy/Streams/StreamSession.Relaying.cs";
    private const string Slots = "Fulcrum.Loops/Scheduling/SlotTable.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "a short read is taken for the end of the stream",
            Relaying,
            "&& isAll && !from.HangUp) { from.Readable = false;",
            "&& isAll && !from.HangUp) { EndOrWait(ref from, ref to, 0);"
        ),
        new(
            "a short read is taken for an empty queue although a hang-up is pending",
            Relaying,
            "isAll && !from.HangUp",
            "isAll"
        ),
        new(
            "an edge is forgotten while the other side is full",
            Relaying,
            "if (!from.Readable || from.Ended || !to.Writable || to.Broken)",
            "from.Readable &= to.Writable; if (!from.Readable || from.Ended || !to.Writable || to.Broken)"
        ),
        new(
            "a half-close is swallowed",
            Relaying,
            "if (_relay.Io.ShutdownWrite(to.Descriptor) < 0)",
            "if (to.Finished)"
        ),
        new(
            "what the receiver did not take is dropped",
            Relaying,
            "Keep(ref to, scratch.Slice(sent, count - sent));",
            ""
        ),
        new(
            "new data overtakes the overflow",
            Relaying,
            "if (to.IsOwed && !Flush(",
            "if (to.IsOwed && !from.Readable && !Flush("
        ),
        new(
            "the end is passed on before the overflow",
            Relaying,
            "ref serviceBytes, ref backendBytes)) { return false;",
            "ref serviceBytes, ref backendBytes)) { if (from.HangUp && !from.Ended) EndOrWait(ref from, ref to, 0); return false;"
        ),
        new("a partial flush is not advanced", Relaying, "to.OverflowStart += sent;", ""),
        new("a reset is passed on as a clean end", Relaying, "if (result < 0 || from.Broken)", "if (from.Broken)"),
        new(
            "the end-of-stream that follows a reset is believed",
            Relaying,
            "if (result < 0 || from.Broken)",
            "if (result < 0)"
        ),
        new("a session whose budget is used up is not queued again", Relaying, "Reactor.MakeReady(this);", ""),
        new(
            "an event of a socket that is gone is taken for its successor's",
            Slots,
            "return slot.Owner is not null && slot.Generation == (uint)(token >> 32);",
            "return slot.Owner is not null;"
        ),
        new(
            "the news of a connection is ignored",
            Session,
            "if (_phase != SessionPhase.Open && !FinishConnect(events))",
            "if (_phase != SessionPhase.Open)"
        ),
        new(
            "a buffer is given back twice",
            Relaying,
            "Reactor.Buffers.Return(buffer);",
            "Reactor.Buffers.Return(buffer); Reactor.Buffers.Return(buffer);"
        ),
        new("a buffer is kept for ever", Session, "Drop(ref _client); Drop(ref _server);", "Drop(ref _client);"),
        new(
            "an empty queue is taken for an error",
            Relaying,
            "if (result == -(int)Errno.TryAgain) { return;",
            "if (result == -(int)Errno.Interrupted) { return;"
        ),
        new(
            "a full queue is taken for an error",
            Relaying,
            "if (result < 0 && result != -(int)Errno.TryAgain)",
            "if (result < 0)"
        ),
        new(
            "a failed send is ignored",
            Relaying,
            "result != -(int)Errno.TryAgain) { to.Break();",
            "result != -(int)Errno.TryAgain) {"
        ),
        new(
            "more is read than was taken when no buffer is left",
            Relaying,
            "scratch.Slice(0, sent)",
            "scratch.Slice(0, count)"
        ),
        new(
            "a broken session closes its server's connection in peace",
            Session,
            "_ = _relay.Io.Reset(_server.Descriptor); } End();",
            "_ = _relay.Io.Close(_server.Descriptor); } End();"
        ),
        new(
            "the end overtakes what is in the pipe",
            Relaying,
            "pipe.Filled = count;",
            "pipe.Filled = count; if (from.HangUp) { _ = _relay.Io.ShutdownWrite(to.Descriptor); to.Finished = from.Ended = true; }"
        ),
        new("what the pipe holds is forgotten", Relaying, "pipe.Filled -= sent;", "pipe.Filled = 0;"),
        new(
            "a broken session keeps its pipe",
            Relaying,
            "if (side.Pipe is not null)",
            "if (side.Pipe is { Filled: 0 })"
        ),
        new("timers outlive their session", Session, "Reactor.Forget(this);", ""),
        new("no other backend is tried", Connecting, "LeaveBackend(); TryAnother();", "LeaveBackend(); Abort();"),
    ];
}

namespace Fulcrum.Proxy.Tests.Mutation;

/// <summary>The faults that relays are known for, and some that this one could have had.</summary>
public static class Mutants
{
    private const string Session = "Fulcrum.Proxy/Streams/StreamSession.cs";
    private const string Connecting = "Fulcrum.Proxy/Streams/StreamSession.Connecting.cs";
    private const string Relaying = "Fulcrum.Proxy/Streams/StreamSession.Relaying.cs";
    private const string Passing = "Fulcrum.Proxy/Streams/StreamSession.Stages.cs";
    private const string Preface = "Fulcrum.Proxy/Streams/StreamSession.Preface.cs";
    private const string Stage = "Fulcrum.Proxy/Stages/ByteStage.cs";
    private const string Pacing = "Fulcrum.Proxy/Stages/PacingStage.cs";
    private const string Echo = "Fulcrum.Proxy/Stages/EchoStage.cs";
    private const string Discard = "Fulcrum.Proxy/Stages/DiscardStage.cs";
    private const string Detour = "Fulcrum.Proxy/Stages/DetourStage.cs";
    private const string Branch = "Fulcrum.Proxy/Stages/StageConnection.cs";
    private const string Slots = "Fulcrum.Loops/Scheduling/SlotTable.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [.. OfStreams, .. OfStages, .. OfDetours, .. OfPrefaces, .. TlsMutants.All];

    private static IEnumerable<Mutant> OfStreams =>
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
            new(
                "more is said to follow where nothing may",
                Relaying,
                "to.MoreFollows = from.IsEnding;",
                "to.MoreFollows = true;"
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

    private static IEnumerable<Mutant> OfStages =>
        [
            new(
                "a stage that wakes its session is not heard",
                Passing,
                "side.Readable = side.IsWoken = true; Reactor.MakeReady(this);",
                "side.Readable = side.IsWoken = true;"
            ),
            new(
                "a stage that wakes its session while it is read is not heard",
                Passing,
                "if (from.IsWoken)",
                "if (from.IsWoken && from.HangUp && from.Ended)"
            ),
            new(
                "an echo is sent while another is owed",
                Passing,
                "side.Finished || (side.Writable && !side.IsOwed)",
                "side.Finished || side.Writable"
            ),
            new(
                "an echo goes to who was told the end",
                Passing,
                "if (side.Broken || side.Finished)",
                "if (side.Broken)"
            ),
            new("what has passed the stages and was not taken is dropped", Passing, "Keep(ref to, data[sent..]);", ""),
            new(
                "stages are read when no buffer is left as if there were one",
                Passing,
                "var count = chain.Read(scratch.Slice(0, most));",
                "var count = chain.Read(scratch.Slice(0, most)); if (most < scratch.Length && count > 1) count--;"
            ),
            new(
                "stages that wait for an overflow to go are not woken",
                Relaying,
                "Drop(ref to); WakeStages(ref to); return true;",
                "Drop(ref to); return true;"
            ),
            new(
                "stages that wait for a pipe to be empty are not woken",
                Relaying,
                "return false; } WakeStages(ref to); return true;",
                "return false; } return true;"
            ),
            new(
                "the stages of one direction are the other's",
                Passing,
                "ref direction == StageDirection.Ingress ? ref _client : ref _server",
                "ref direction == StageDirection.Egress ? ref _client : ref _server"
            ),
            new(
                "a stage's timer outlives its session",
                Stage,
                "public virtual void Close() => context.Host.Reactor.Forget(this);",
                "public virtual void Close() { }"
            ),
            new("what has passed is not taken from the limit", Pacing, "_bucket.Take(Math.Max(0, count));", ""),
            new(
                "what waits for the limit is never looked at again",
                Pacing,
                "Context.Host.Reactor.SetTimer(this, Math.Max(1, wait));",
                ""
            ),
            new(
                "a limit swallows the end",
                Pacing,
                "return count; }",
                "return count == 0 ? -(int)Errno.TryAgain : count; }"
            ),
            new(
                "what is discarded passes",
                Discard,
                "if (count <= 0) { return count;",
                "if (count <= 0 || left == 1) { return count;"
            ),
            new(
                "a discard whose share is used up is not looked at again",
                Discard,
                "Context.Host.Wake(Context.Direction);",
                ""
            ),
            new(
                "an echo whose share is used up is not looked at again",
                Echo,
                "Context.Host.Wake(Context.Direction);",
                ""
            ),
            new(
                "an echo passes on what it sends back",
                Echo,
                "buffer[..count]); }",
                "buffer[..count]); return count; }"
            ),
            new(
                "an echo takes what it cannot send back",
                Echo,
                "return -(int)Errno.TryAgain; } var count",
                "_ = Source.Read(buffer); return -(int)Errno.TryAgain; } var count"
            ),
        ];

    private static IEnumerable<Mutant> OfDetours =>
        [
            new(
                "what the filter did not take is dropped",
                Detour,
                "_ = TryKeep(buffer[sent..count], mayMakeRoom: true);",
                ""
            ),
            new("a detour keeps nothing when no buffer is left", Detour, "mayMakeRoom: true", "mayMakeRoom: false"),
            new(
                "the end-of-stream that follows a filter's reset is believed",
                Detour,
                "if (count < 0 || _isBroken)",
                "if (count < 0)"
            ),
            new("a filter is told the end again and again", Branch, "if (!_isShut)", ""),
            new("a session goes on without its detour", Detour, "Context.Host.EndSession(end);", ""),
            new(
                "nobody hears that a filter has something to say",
                Detour,
                "=> Context.Host.Wake(Context.Direction);",
                "{ }"
            ),
            new(
                "a detour whose share is used up is not looked at again",
                Detour,
                "Context.Host.Wake(Context.Direction); return -(int)Errno.TryAgain;",
                "return -(int)Errno.TryAgain;"
            ),
            new("a detour outlives its session", Detour, "base.Close(); _detour.End();", "base.Close();"),
            new(
                "a filter's end is not passed on",
                Detour,
                "_hasEnded = true; return 0;",
                "return -(int)Errno.TryAgain;"
            ),
            new("no other filter is tried", Branch, "if (_attempts >= plan.Attempts ||", "if (_attempts > 0 ||"),
            new(
                "a filter that is silent is waited for",
                Branch,
                "host.Reactor.SetTimer(this, _destination.Plan.ConnectTimeout);",
                ""
            ),
        ];

    private static IEnumerable<Mutant> OfPrefaces =>
        [
            new(
                "a header goes on to the backend",
                Preface,
                "_ = _relay.Io.Receive(_client.Descriptor, received[..header.Length]);",
                ""
            ),
            new(
                "what follows a header is taken with it",
                Preface,
                "_relay.Io.Receive(_client.Descriptor, received[..header.Length])",
                "_relay.Io.Receive(_client.Descriptor, received)"
            ),
            new(
                "a header that comes in pieces is refused",
                Preface,
                "if (reading == ProxyReading.NeedMore && !isAll)",
                "if (reading == ProxyReading.NeedMore && isAll)"
            ),
            new(
                "the end in the middle of a header is waited out",
                Preface,
                "var isAll = _client.HangUp || count == scratch.Length;",
                "var isAll = count == scratch.Length;"
            ),
            new(
                "who has ended without a word is waited for",
                Preface,
                "if (count == 0) {",
                "if (count == 0) { return;"
            ),
            new(
                "a broken header is data",
                Preface,
                "else if (reading != ProxyReading.Absent || preface",
                "else if (preface"
            ),
            new(
                "who must begin with a header may do without",
                Preface,
                "reading != ProxyReading.Absent || preface.Acceptance == ProxyProtocolAcceptance.Require",
                "reading != ProxyReading.Absent"
            ),
            new(
                "who may do without a header may not",
                Preface,
                "reading != ProxyReading.Absent || preface.Acceptance == ProxyProtocolAcceptance.Require",
                "reading != ProxyReading.Complete"
            ),
            new("who is silent may stay", Preface, "Reactor.SetTimer(this, preface.Timeout);", ""),
            new("who may be silent is turned away", Preface, "&& !_client.Readable", "&& _client.Readable"),
            new(
                "a reset before the header is over is not noticed",
                Preface,
                "if (count < 0) {",
                "if (count < 0) { return;"
            ),
            new(
                "the clock of the header goes on",
                Preface,
                "_phase = SessionPhase.Connecting; Reactor.CancelTimer(this);",
                ""
            ),
        ];
}

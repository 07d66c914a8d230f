using Fulcrum.Health.Probing.Conversations;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>
/// A probe by datagrams. Each has a socket and so a port of its own, and the kernel lets through only what comes from
/// the target: who wants to forge an answer must guess the port beside what the conversation makes him guess.
/// </summary>
/// <param name="stream">The same question over a stream, for answers that do not fit; null: there is none.</param>
internal sealed class DatagramProbe(
    ProbeTarget target,
    Conversation conversation,
    Func<IProbeOwner, Probe>? stream,
    EventLoop loop,
    TimeProvider time,
    IProbeOwner owner
) : SocketProbe(target, loop, owner)
{
    /// <summary>Whoever floods us with wrong answers is not listened to longer than this in one turn.</summary>
    private const int ReadsPerTurn = 64;

    private readonly IProbeOwner _owner = owner;
    private readonly long _started = time.GetTimestamp();

    protected override string Awaited => $"waiting for {conversation.Awaited}";

    protected override ProbePhases Phases => new(null, null, time.GetElapsedTime(_started));

    public override void Start()
    {
        if (TryConnect(SocketKind.Datagram))
        {
            var sent = SocketCalls.Send(Descriptor, conversation.Begin().Say.Span);
            if (sent < 0)
            {
                Finish(Judge((Errno)(-sent)));
            }
        }
    }

    protected override void OnEvents(int tag, EpollEvents events) => LookOnce();

    protected override void OnTurn() => LookOnce();

    protected override void LookOnce()
    {
        for (var reads = 0; Descriptor >= 0; reads++)
        {
            if (reads == ReadsPerTurn)
            {
                Reactor.MakeReady(this);
                return;
            }

            var read = SocketCalls.Receive(Descriptor, Reactor.Scratch);
            if (read == -(int)Errno.TryAgain)
            {
                return;
            }

            if (read < 0)
            {
                Finish(Judge((Errno)(-read)));
                return;
            }

            Take(conversation.Hear(Reactor.Scratch.Slice(0, read)));
        }
    }

    private void Take(Step step)
    {
        if (step.Result is { } result)
        {
            Finish(result);
        }
        else if (step.IsTruncated && stream is not null)
        {
            HandOver(stream(_owner));
        }
        else if (!step.Say.IsEmpty)
        {
            _ = SocketCalls.Send(Descriptor, step.Say.Span);
        }
    }

    private static ProbeResult Judge(Errno error) =>
        error == Errno.ConnectionRefused ? ProbeResult.Bad("port unreachable") : SocketErrors.Judge(error);
}

using Fulcrum.Health.Probing.Conversations;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>A probe over a connection: TCP or a Unix stream. Without a conversation connecting is all that is asked.</summary>
internal sealed class StreamProbe(
    ProbeTarget target,
    Conversation? conversation,
    EventLoop loop,
    TimeProvider time,
    IProbeOwner owner
) : SocketProbe(target, loop, owner)
{
    /// <summary>Reads in one turn, before others get theirs.</summary>
    private const int ReadsPerTurn = 16;

    private readonly long _started = time.GetTimestamp();
    private ReadOnlyMemory<byte> _unsent;
    private long _connected;
    private bool _isPolite;

    protected override string Awaited =>
        _connected == 0 ? "connecting"
        : !_unsent.IsEmpty ? "while sending"
        : $"waiting for {conversation!.Awaited}";

    protected override ProbePhases Phases =>
        _connected == 0
            ? default
            : new(
                time.GetElapsedTime(_started, _connected),
                null,
                conversation is null ? null : time.GetElapsedTime(_connected)
            );

    protected override bool EndsPolitely => _isPolite;

    public override void Start() => TryConnect(SocketKind.Stream);

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (_connected != 0)
        {
            Move();
        }
        else if (SocketCalls.TakeError(Descriptor) is var error and not Errno.None)
        {
            Finish(SocketErrors.Judge(error));
        }
        else if (events.HasFlag(EpollEvents.Writable))
        {
            Connected();
        }
    }

    protected override void OnTurn() => Move();

    protected override void LookOnce()
    {
        if (_connected != 0)
        {
            Move();
        }
        else if (SocketCalls.TakeError(Descriptor) is var error and not Errno.None)
        {
            Finish(SocketErrors.Judge(error));
        }
        else if (SocketCalls.IsConnected(Descriptor))
        {
            Connected();
        }
    }

    private void Connected()
    {
        _connected = time.GetTimestamp();
        if (conversation is null)
        {
            Finish(ProbeResult.Good("connected"));
        }
        else if (Take(conversation.Begin()))
        {
            Move();
        }
    }

    private void Move()
    {
        for (var reads = 0; Flush(); reads++)
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

            var goesOn =
                read < 0 ? Take(Step.Finish(SocketErrors.Judge((Errno)(-read))))
                : read == 0 ? Take(conversation!.End()) && Take(Step.Finish(ProbeResult.Bad("closed")))
                : Take(conversation!.Hear(Reactor.Scratch.AsSpan(0, read)));
            if (!goesOn)
            {
                return;
            }
        }
    }

    // False: it is over, or must wait.
    private bool Flush()
    {
        while (!_unsent.IsEmpty)
        {
            var sent = SocketCalls.Send(Descriptor, _unsent.Span);
            if (sent < 0)
            {
                if (sent != -(int)Errno.TryAgain)
                {
                    Finish(SocketErrors.Judge((Errno)(-sent)));
                    return false;
                }

                // Who does not read may have said something all the same.
                return true;
            }

            _unsent = _unsent[sent..];
        }

        return true;
    }

    private bool Take(Step step)
    {
        if (!step.Say.IsEmpty)
        {
            _unsent = _unsent.IsEmpty ? step.Say : (byte[])[.. _unsent.Span, .. step.Say.Span];
        }

        if (step.Result is { } result)
        {
            if (!step.Say.IsEmpty)
            {
                // Whoever wants a farewell wants an orderly end, too. What does not fit now is not waited for.
                _isPolite = true;
                _ = SocketCalls.Send(Descriptor, _unsent.Span);
            }

            Finish(result);
            return false;
        }

        return true;
    }
}

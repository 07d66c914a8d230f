using System.Diagnostics.CodeAnalysis;
using Fulcrum.Health.Probing.Conversations;
using Fulcrum.Health.Tls;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>
/// A probe over a connection, TCP or a Unix stream: connect, perhaps a TLS handshake, then the conversation. Without one
/// the former are all that is asked.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A probe that is over has released all that it held.")]
internal sealed class StreamProbe(
    ProbeTarget target,
    TlsPlan? plan,
    Conversation? conversation,
    EventLoop loop,
    TimeProvider time,
    IProbeOwner owner
) : SocketProbe(target, loop, owner)
{
    /// <summary>Reads in one turn, before others get theirs.</summary>
    private const int ReadsPerTurn = 16;

    private static readonly ProbeResult JustConnected = ProbeResult.Good("connected");

    private readonly long _started = time.GetTimestamp();
    private TlsClient? _tls;
    private ReadOnlyMemory<byte> _unsent;
    private long _connected;
    private long _open;
    private bool _isPolite;

    protected override string Awaited =>
        _connected == 0 ? "connecting"
        : _open == 0 ? "in the TLS handshake"
        : !_unsent.IsEmpty ? "while sending"
        : $"waiting for {conversation!.Awaited}";

    protected override ProbePhases Phases =>
        new(
            _connected == 0 ? null : time.GetElapsedTime(_started, _connected),
            plan is null || _open == 0 ? null : time.GetElapsedTime(_connected, _open),
            conversation is null || _open == 0 ? null : time.GetElapsedTime(_open)
        );

    protected override bool EndsPolitely => _isPolite;

    public override void Start() => TryConnect(SocketKind.Stream);

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (_connected != 0)
        {
            Move();
        }
        else if (
            // Where nothing went wrong there is nothing to ask for.
            (events & (EpollEvents.Error | EpollEvents.HangUp)) != EpollEvents.None
            && SocketCalls.TakeError(Descriptor) is var error and not Errno.None
        )
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
        else if (Descriptor >= 0 && SocketCalls.TakeError(Descriptor) is var error and not Errno.None)
        {
            Finish(SocketErrors.Judge(error));
        }
        else if (SocketCalls.IsConnected(Descriptor))
        {
            Connected();
        }
    }

    protected override void Release()
    {
        _tls?.Dispose();
        _tls = null;
        base.Release();
    }

    private void Connected()
    {
        _connected = time.GetTimestamp();
        if (plan is null)
        {
            if (Open(null))
            {
                Move();
            }

            return;
        }

        try
        {
            _tls = plan.Open();
        }
        catch (TlsSettingsException unusable)
        {
            Finish(ProbeResult.Unclear(unusable.Message));
            return;
        }

        _tls.Start();
        Move();
    }

    // What is asked for can be asked now.
    private bool Open(TlsSession? session)
    {
        _open = time.GetTimestamp();
        return Take(
            session is not null && plan!.Refuses(session) is { } refusal ? Step.Finish(ProbeResult.Bad(refusal))
            : conversation is not null ? conversation.Begin()
            : Step.Finish(session is null ? JustConnected : ProbeResult.Good($"connected with {session.Version}"))
        );
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

            var scratch = Reactor.Scratch.Slice(0, Math.Min(_tls?.Room ?? int.MaxValue, Reactor.Scratch.Length));
            var read = SocketCalls.Receive(Descriptor, scratch);
            if (read == -(int)Errno.TryAgain)
            {
                return;
            }

            if (read < 0)
            {
                Finish(SocketErrors.Judge((Errno)(-read)));
                return;
            }

            if (!(_tls is null ? Hear(scratch[..read]) : HearSecret(scratch[..read])))
            {
                return;
            }
        }
    }

    // Empty: the peer says no more.
    private bool Hear(ReadOnlySpan<byte> data) =>
        data.IsEmpty
            ? Take(conversation!.End()) && Take(Step.Finish(ProbeResult.Bad("closed")))
            : Take(conversation!.Hear(data));

    private bool HearSecret(ReadOnlySpan<byte> cipher)
    {
        if (cipher.IsEmpty)
        {
            _tls!.End();
        }
        else
        {
            _tls!.Feed(cipher);
        }

        if (_open == 0 && _tls.Session is { } session && !Open(session))
        {
            return false;
        }

        while (!_tls.Plain.IsEmpty)
        {
            if (!Take(conversation!.Hear(_tls.Plain)))
            {
                return false;
            }

            _tls.AdvancePlain(_tls.Plain.Length);
        }

        switch (_tls.State)
        {
            case TlsClientState.Failed:
                // An alert tells the server why.
                _ = SocketCalls.Send(Descriptor, _tls.Output);
                Finish(ProbeResult.Bad(_tls.Failure!));
                return false;
            case TlsClientState.Ended:
                return Hear([]);
            default:
                return true;
        }
    }

    // False: it is over.
    private bool Flush()
    {
        while (_tls is { Output.IsEmpty: false })
        {
            var sent = Send(_tls.Output);
            if (sent <= 0)
            {
                return sent == 0;
            }

            _tls.AdvanceOutput(sent);
        }

        while (!_unsent.IsEmpty)
        {
            var sent = Send(_unsent.Span);
            if (sent <= 0)
            {
                return sent == 0;
            }

            _unsent = _unsent[sent..];
        }

        return Descriptor >= 0;
    }

    // 0: not now. Who does not read may say something all the same. Negative: it is over.
    private int Send(ReadOnlySpan<byte> data)
    {
        var sent = SocketCalls.Send(Descriptor, data);
        if (sent >= 0 || sent == -(int)Errno.TryAgain)
        {
            return Math.Max(sent, 0);
        }

        Finish(SocketErrors.Judge((Errno)(-sent)));
        return -1;
    }

    // False: it is over.
    private bool Take(Step step)
    {
        if (!step.Say.IsEmpty)
        {
            if (_tls is { State: TlsClientState.Open })
            {
                _tls.Send(step.Say.Span);
            }
            else
            {
                _unsent = _unsent.IsEmpty ? step.Say : (byte[])[.. _unsent.Span, .. step.Say.Span];
            }
        }

        if (step.Result is not { } result)
        {
            return true;
        }

        // Whoever wants a farewell wants an orderly end, too.
        _isPolite = !step.Say.IsEmpty;
        if (!_isPolite || Flush())
        {
            Finish(_tls?.Session is { } session ? plan!.Warn(result, session) : result);
        }

        return false;
    }
}

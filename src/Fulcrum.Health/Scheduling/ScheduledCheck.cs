using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Health.Scheduling;

/// <summary>
/// One question, asked again and again. Its one timer is the deadline while a probe is under way, and the start of
/// the next probe otherwise. Lives on the prober's loop.
/// </summary>
internal sealed class ScheduledCheck(ProbeTask task, EventLoop loop, TimeProvider time, IHealthListener listener)
    : LoopObject
{
    private readonly Reactor _reactor = loop.Reactor;
    private readonly ResultHistory _history = new(task.Samples);
    private VerdictCounter _verdict = new(task.Rise, task.Fall);
    private DateTimeOffset _since = time.GetUtcNow();
    private ProbeConversation? _conversation;
    private long _started;
    private int _descriptor = -1;
    private ulong _token;
    private bool _connected;

    /// <summary>Asks for the first time after so many milliseconds.</summary>
    public void Start(long delay) => _reactor.SetTimer(this, delay);

    public void Stop()
    {
        _reactor.Forget(this);
        CloseSocket();
    }

    protected override void OnTimer()
    {
        if (_descriptor >= 0)
        {
            Finish(ProbeResult.Bad(_connected ? "timed out waiting for an answer" : "timed out connecting"));
        }
        else
        {
            Begin();
        }
    }

    protected override void OnEvents(int tag, EpollEvents events)
    {
        if (!_connected)
        {
            var error = SocketCalls.TakeError(_descriptor);
            if (error != Errno.None)
            {
                Finish(ProbeResult.Bad(Errors.Describe(error)));
                return;
            }

            if (!events.HasFlag(EpollEvents.Writable))
            {
                return;
            }

            _connected = true;
        }

        if (_conversation!.Go(_descriptor, _reactor.Scratch) is { } result)
        {
            Finish(result);
        }
    }

    protected override void OnFault(Exception fault) => Finish(ProbeResult.Bad(fault.Message));

    private void Begin()
    {
        _started = time.GetTimestamp();
        _connected = false;
        _conversation = ProbeConversation.For(task);
        var target = SocketAddress.From(task.Address, task.Port);
        _descriptor = SocketCalls.Open(target.Family, SocketKind.Stream);
        if (_descriptor < 0)
        {
            Finish(ProbeResult.Bad(Errors.Describe((Errno)(-_descriptor))));
            return;
        }

        _token = _reactor.AddSocket(this, 0);
        _reactor.SetTimer(this, (long)Math.Ceiling(task.Timeout.TotalMilliseconds));
        var bound = task.Source is { } source ? SocketCalls.Bind(_descriptor, SocketAddress.From(source, 0)) : 0;
        var connected = bound < 0 ? bound : SocketCalls.Connect(_descriptor, target);
        if (connected < 0 && connected != -(int)Errno.InProgress)
        {
            Finish(ProbeResult.Bad(Errors.Describe((Errno)(-connected))));
            return;
        }

        var registered = loop.Register(_descriptor, _token);
        if (registered < 0)
        {
            Finish(ProbeResult.Bad(Errors.Describe((Errno)(-registered))));
        }
    }

    private void Finish(ProbeResult result)
    {
        CloseSocket();
        _conversation = null;
        var took = time.GetElapsedTime(_started);
        _reactor.SetTimer(this, Math.Max(0, (long)(task.Interval - took).TotalMilliseconds));
        var turned = _verdict.Add(result.Good);
        var shifted = _history.Add(result.Good);
        if (turned)
        {
            _since = time.GetUtcNow();
        }

        if (turned || shifted)
        {
            listener.OnHealth(
                task,
                new(_verdict.Verdict, _since, result.Reason, result.Good ? took : null)
                {
                    GoodShare = _history.GoodShare,
                }
            );
        }
    }

    // A reset leaves no TIME_WAIT behind: thousands of probes a second must not eat the ports of the host.
    private void CloseSocket()
    {
        if (_descriptor >= 0)
        {
            _reactor.RemoveSocket(_token);
            _ = SocketCalls.Reset(_descriptor);
        }

        _descriptor = -1;
    }
}

using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.DatagramStages;

/// <summary>
/// Sends a copy of each datagram to a backend of another upstream, whose answers are dropped. A copy that cannot go is
/// counted, and the session does not notice.
/// </summary>
internal sealed class DatagramMirror : DatagramStage
{
    private const int NoTag = 0;

    private readonly Mirror _mirror;

    public DatagramMirror(DatagramStageContext context)
        : base(context) => _mirror = new Mirror(context);

    public override void Take(ReadOnlySpan<byte> datagram)
    {
        _mirror.Send(datagram);
        Next.Take(datagram);
    }

    public override void Close()
    {
        base.Close();
        _mirror.Leave();
    }

    /// <summary>
    /// A session of its backend like any other. When nobody listens there, and when the backend may no longer serve, the
    /// next datagram chooses another.
    /// </summary>
    private sealed class Mirror(DatagramStageContext context) : BackendSession
    {
        private int _descriptor = -1;
        private ulong _token;

        public override SocketAddress Client => context.Host.Client;

        public void Send(ReadOnlySpan<byte> datagram)
        {
            for (var attempts = 2; attempts > 0 && HaveBackend(); attempts--)
            {
                var sent = SocketCalls.Send(_descriptor, datagram);
                if (sent >= 0)
                {
                    return;
                }
                if (
                    (Errno)(-sent) is Errno.TryAgain or Errno.NoBufferSpace or Errno.OutOfMemory or Errno.MessageTooLong
                )
                {
                    break;
                }
                // That was the answer to an earlier one, which is lost; this one has not gone yet.
                CountLost(sent == -(int)Errno.ConnectionRefused);
                CountFailure();
                Leave();
            }
            CountLost(true);
        }

        public override void Abort() => Leave();

        public override void Describe(out SessionSight sight) =>
            sight = new()
            {
                Plan = context.Host.Plan,
                Backend = Backend?.State,
                Client = context.Host.Client,
                IsDatagrams = true,
            };

        public void Leave()
        {
            if (_descriptor >= 0)
            {
                context.Host.Reactor.RemoveSocket(_token);
                context.Host.Reactor.Forget(this);
                _ = SocketCalls.Close(_descriptor);
                _descriptor = -1;
            }
            Backend?.Remove(this);
        }

        protected override void OnEvents(int tag, EpollEvents events) => DropAnswers();

        protected override void OnTurn() => DropAnswers();

        protected override void OnFault(Exception fault) => Leave();

        private bool HaveBackend()
        {
            if (Backend is { Serves: true })
            {
                return true;
            }
            Leave();
            var host = context.Host;
            var destination = context.Destination!;
            if (
                destination.Assign(this, destination.HashOf(host.Client), host.Reactor.Microseconds, [], out _)
                is not { } backend
            )
            {
                return false;
            }
            var target = backend.State.Address;
            target = target.Port == 0 && target.Family != SocketFamily.Unix ? target.WithPort(host.Port) : target;
            _descriptor = destination.Plan.ConnectOf(backend.State).Open(SocketKind.Datagram, target, host.Client);
            if (_descriptor >= 0)
            {
                _token = host.Reactor.AddSocket(this, NoTag);
                if (SocketCalls.Connect(_descriptor, target) >= 0 && host.Register(_descriptor, _token) >= 0)
                {
                    return true;
                }
            }
            CountFailure();
            Leave();
            return false;
        }

        private void DropAnswers()
        {
            Span<byte> nobody = stackalloc byte[1];
            for (var left = context.Host.Reactor.Options.ReadsPerTurn; left > 0 && _descriptor >= 0; left--)
            {
                var received = SocketCalls.Receive(_descriptor, nobody);
                if (received == -(int)Errno.TryAgain)
                {
                    return;
                }
                if (received < 0 && received != -(int)Errno.MessageTooLong)
                {
                    CountLost(true);
                    CountFailure();
                    Leave();
                    return;
                }
            }
            if (_descriptor >= 0)
            {
                // It answers more than fits into a turn: others first. No edge would tell of what is left.
                context.Host.Reactor.MakeReady(this);
            }
        }

        private void CountLost(bool isLost) => context.Host.Counters.DroppedCopies += isLost ? 1 : 0;

        private void CountFailure()
        {
            if (Backend is { } backend)
            {
                backend.Cell.ConnectFailures++;
            }
        }
    }
}

using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Sends a copy of what passes to a backend of another upstream, whose answers are dropped. The copy is whole or ends:
/// when its backend cannot be reached, or takes so little that a buffer is not enough, the copy is given up and counted,
/// and the session goes on.
/// </summary>
internal sealed class MirroringStage : ByteStage
{
    private const int NoTag = 0;

    private readonly Mirror? _mirror;

    public MirroringStage(StageContext context)
        : base(context) => _mirror = Mirror.Begin(context);

    public override int Read(Span<byte> buffer)
    {
        var count = Source.Read(buffer);
        if (count > 0)
        {
            _mirror?.Send(buffer[..count]);
        }
        else if (count == 0)
        {
            _mirror?.Finish();
        }
        return count;
    }

    public override void Close()
    {
        base.Close();
        _mirror?.End();
    }

    /// <summary>The copy's connection: a session of its backend like any other.</summary>
    private sealed class Mirror : BackendSession
    {
        private readonly StageContext _context;
        private int _descriptor = -1;
        private ulong _token;
        private byte[]? _owed;
        private int _start;
        private int _end;
        private bool _connected;
        private bool _writable;
        private bool _finishing;

        private Mirror(StageContext context) => _context = context;

        /// <summary>Null: nobody is there for it.</summary>
        public static Mirror? Begin(StageContext context)
        {
            var mirror = new Mirror(context);
            if (mirror.Connect())
            {
                return mirror;
            }
            mirror.CountConnectFailure();
            mirror.GiveUp();
            return null;
        }

        public void Send(ReadOnlySpan<byte> data)
        {
            if (_descriptor < 0)
            {
                return;
            }
            var sent = _writable && _owed is null ? SocketCalls.Send(_descriptor, data) : 0;
            if (sent < 0 && sent != -(int)Errno.TryAgain)
            {
                GiveUp();
                return;
            }
            _writable &= sent == data.Length;
            Keep(data[Math.Max(0, sent)..]);
        }

        /// <summary>Nothing more will come.</summary>
        public void Finish()
        {
            _finishing = true;
            if (_descriptor >= 0 && _owed is null && _writable)
            {
                _ = SocketCalls.ShutdownWrite(_descriptor);
            }
        }

        public override SocketAddress Client => _context.Host.Client;

        /// <summary>The session has ended, and with it the copy, whole or not.</summary>
        public void End()
        {
            if (_owed is not null)
            {
                _context.Host.Counters.MirrorsLost++;
            }
            Release();
        }

        public override void Abort() => GiveUp();

        public override void Describe(out SessionSight sight) =>
            sight = new()
            {
                Plan = _context.Host.Plan,
                Backend = Backend?.State,
                Client = _context.Host.Client,
            };

        protected override void OnEvents(int tag, EpollEvents events)
        {
            if ((events & EpollEvents.Error) != EpollEvents.None)
            {
                if (!_connected)
                {
                    CountConnectFailure();
                }
                GiveUp();
                return;
            }
            if ((events & EpollEvents.HangUp) != EpollEvents.None)
            {
                HangUp();
                return;
            }
            if ((events & EpollEvents.Readable) != EpollEvents.None)
            {
                DropAnswers();
            }
            if ((events & EpollEvents.Writable) != EpollEvents.None)
            {
                _connected = _writable = true;
                Flush();
            }
        }

        protected override void OnTurn() => DropAnswers();

        protected override void OnFault(Exception fault) => GiveUp();

        private bool Connect()
        {
            var host = _context.Host;
            var destination = _context.Destination!;
            if (
                destination.Assign(this, destination.HashOf(host.Client), host.Reactor.Microseconds, [], out _)
                is not { } backend
            )
            {
                return false;
            }
            var target = backend.State.Address;
            target = target.Port == 0 && target.Family != SocketFamily.Unix ? target.WithPort(host.Port) : target;
            _descriptor = destination.Plan.ConnectOf(backend.State).Open(SocketKind.Stream, target, host.Client);
            if (_descriptor < 0)
            {
                return false;
            }
            _token = host.Reactor.AddSocket(this, NoTag);
            return SocketCalls.Connect(_descriptor, target) is 0 or -(int)Errno.InProgress
                && host.Register(_descriptor, _token) >= 0;
        }

        private void Keep(ReadOnlySpan<byte> rest)
        {
            if (rest.IsEmpty)
            {
                return;
            }
            _owed ??= _context.Host.Reactor.Buffers.TryRent();
            if (_owed is null || rest.Length > _owed.Length - (_end - _start))
            {
                GiveUp();
                return;
            }
            if (rest.Length > _owed.Length - _end)
            {
                _owed.AsSpan(_start, _end - _start).CopyTo(_owed);
                (_start, _end) = (0, _end - _start);
            }
            rest.CopyTo(_owed.AsSpan(_end));
            _end += rest.Length;
        }

        private void Flush()
        {
            if (_owed is not null)
            {
                var sent = SocketCalls.Send(_descriptor, _owed.AsSpan(_start, _end - _start));
                if (sent < 0 && sent != -(int)Errno.TryAgain)
                {
                    GiveUp();
                    return;
                }
                _start += Math.Max(0, sent);
                _writable = _start == _end;
                if (!_writable)
                {
                    return;
                }
                Drop();
            }
            if (_finishing)
            {
                _ = SocketCalls.ShutdownWrite(_descriptor);
            }
        }

        private void DropAnswers()
        {
            var scratch = _context.Host.Reactor.Scratch;
            for (var left = _context.Host.Reactor.Options.ReadsPerTurn; left > 0; left--)
            {
                if (SocketCalls.Receive(_descriptor, scratch) <= 0)
                {
                    return;
                }
            }
            // It sends more than anybody wants: others first. No edge would tell of what is left.
            _context.Host.Reactor.MakeReady(this);
        }

        /// <summary>Its backend has closed: in peace when it had been given all.</summary>
        private void HangUp()
        {
            if (_finishing && _owed is null)
            {
                Release();
            }
            else
            {
                GiveUp();
            }
        }

        private void GiveUp()
        {
            _context.Host.Counters.MirrorsLost++;
            Release();
        }

        private void CountConnectFailure()
        {
            if (Backend is { } backend)
            {
                backend.Cell.ConnectFailures++;
            }
        }

        private void Release()
        {
            if (_descriptor >= 0)
            {
                var isWhole = _finishing && _owed is null;
                _context.Host.Reactor.RemoveSocket(_token);
                _context.Host.Reactor.Forget(this);
                _ = isWhole ? SocketCalls.Close(_descriptor) : SocketCalls.Reset(_descriptor);
                _descriptor = -1;
            }
            Drop();
            Backend?.Remove(this);
            Memory.Leave(_context.Host.Reactor.Microseconds);
        }

        private void Drop()
        {
            if (_owed is { } buffer)
            {
                _owed = null;
                (_start, _end) = (0, 0);
                _context.Host.Reactor.Buffers.Return(buffer);
            }
        }
    }
}

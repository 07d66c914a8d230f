using Fulcrum.Linux.Events;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Sends a copy of what passes to a backend of another upstream, whose answers are dropped. The copy is whole or ends:
/// when its backend cannot be reached, or takes so little that a buffer is not enough, the copy is given up and counted,
/// and the session goes on.
/// </summary>
internal sealed class MirroringStage : ByteStage
{
    private readonly Mirror _mirror;

    public MirroringStage(StageContext context)
        : base(context)
    {
        _mirror = new Mirror(context);
        _mirror.Connect();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = Source.Read(buffer);
        if (count > 0)
        {
            _mirror.Copy(buffer[..count]);
        }
        else if (count == 0)
        {
            _mirror.Finish();
        }
        return count;
    }

    public override void Close()
    {
        base.Close();
        _mirror.End();
    }

    private sealed class Mirror(StageContext context) : StageConnection(context)
    {
        public void Copy(ReadOnlySpan<byte> data)
        {
            if (IsClosed)
            {
                return;
            }
            var sent = Send(data);
            if (sent < 0 || !TryKeep(data[sent..], mayMakeRoom: false))
            {
                OnLost();
            }
        }

        /// <summary>The session has ended, and with it the copy, whole or not.</summary>
        public void End()
        {
            if (IsOwing)
            {
                Context.Host.Counters.MirrorsLost++;
            }
            if (!IsClosed)
            {
                Release(inPeace: IsFinishing && !IsOwing);
            }
        }

        public override void Abort() => OnLost();

        protected override void OnLost()
        {
            Context.Host.Counters.MirrorsLost++;
            Release(inPeace: false);
        }

        protected override void OnNews(EpollEvents events)
        {
            var isGone = (events & (EpollEvents.Error | EpollEvents.HangUp)) != EpollEvents.None;
            if (!isGone)
            {
                DropAnswers();
            }
            else if ((events & EpollEvents.Error) == EpollEvents.None && IsFinishing && !IsOwing)
            {
                // It had been given all.
                Release(inPeace: true);
            }
            else
            {
                OnLost();
            }
        }

        protected override void OnTurn() => DropAnswers();

        private void DropAnswers()
        {
            var scratch = Context.Host.Reactor.Scratch;
            for (var left = Context.Host.Reactor.Options.ReadsPerTurn; left > 0; left--)
            {
                if (Receive(scratch) <= 0)
                {
                    return;
                }
            }
            // It sends more than anybody wants: others first. No edge would tell of what is left.
            Context.Host.Reactor.MakeReady(this);
        }
    }
}

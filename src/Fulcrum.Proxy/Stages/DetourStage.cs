using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Proxy.AccessLogs;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Leads one direction of a session through a backend of another upstream: what comes is sent there, and what that backend
/// answers is what goes on. It may say more or less than it was told, sooner or later: a scanner, a translator.
/// <para>
/// The detour is made of three streams in a row, each with the back pressure of its socket. Whoever receives slowly is not
/// given more, so answers are not read; then the backend takes no more, and in the end nothing is read of the sender. In
/// between lies one buffer, of what was read and not taken.
/// </para>
/// <para>
/// The sender's end becomes the backend's, after all before it, and only the backend's end goes on to the receiver: there
/// may be a last word. A backend that ends first ends the direction; what the sender still has to say is nobody's. One that
/// cannot be reached or breaks ends the session, because what it had would be missing.
/// </para>
/// </summary>
internal sealed class DetourStage : ByteStage
{
    private readonly Detour _detour;

    public DetourStage(StageContext context)
        : base(context)
    {
        _detour = new Detour(context);
        _detour.Connect();
    }

    public override int Read(Span<byte> buffer)
    {
        for (var left = Context.Host.Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            var fed = _detour.Feed(Source, buffer);
            if (fed < 0)
            {
                return fed;
            }
            var count = _detour.Answer(buffer);
            if (count != -(int)Errno.TryAgain || fed == 0)
            {
                return count;
            }
        }
        Context.Host.Wake(Context.Direction);
        return -(int)Errno.TryAgain;
    }

    public override void Close()
    {
        base.Close();
        _detour.End();
    }

    private sealed class Detour(StageContext context) : StageConnection(context)
    {
        private bool _isBroken;
        private bool _hasEnded;

        /// <summary>
        /// Sends one piece of the source there. Returns its length, 0 when there is nothing or the backend takes nothing
        /// now, or the negative errno of a source that is broken.
        /// </summary>
        public int Feed(IByteSource source, Span<byte> buffer)
        {
            if (!CanTake || _isBroken)
            {
                return 0;
            }
            var count = source.Read(buffer);
            if (count <= 0)
            {
                if (count == 0)
                {
                    Finish();
                }
                return count == -(int)Errno.TryAgain ? 0 : count;
            }
            var sent = Send(buffer[..count]);
            // What it said before it broke can still be read, and then that it did.
            _isBroken = sent < 0;
            if (!_isBroken)
            {
                _ = TryKeep(buffer[sent..count], mayMakeRoom: true);
            }
            return count;
        }

        /// <summary>What its backend says, as a source says it.</summary>
        public int Answer(Span<byte> buffer)
        {
            var count = Receive(buffer);
            if (count > 0)
            {
                Backend!.Cell.BytesOut += count;
                return count;
            }
            if (count == -(int)Errno.TryAgain)
            {
                return count;
            }
            // After a reset the kernel may say end-of-stream.
            if (count < 0 || _isBroken)
            {
                OnLost();
                return -(int)Errno.TryAgain;
            }
            _hasEnded = true;
            return 0;
        }

        /// <summary>The session has ended.</summary>
        public void End()
        {
            if (!IsClosed)
            {
                Release(inPeace: _hasEnded);
            }
        }

        public override void Abort() => EndSession(SessionEnd.Aborted);

        protected override void CountSent(int bytes) => Backend!.Cell.BytesIn += bytes;

        protected override void OnLost()
        {
            Context.Host.Counters.DetoursLost++;
            EndSession(SessionEnd.DetourLost);
        }

        protected override void OnNews(EpollEvents events) => Context.Host.Wake(Context.Direction);

        private void EndSession(SessionEnd end)
        {
            Release(inPeace: false);
            Context.Host.EndSession(end);
        }
    }
}

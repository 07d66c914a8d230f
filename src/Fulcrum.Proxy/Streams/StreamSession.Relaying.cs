using Fulcrum.Linux;

namespace Fulcrum.Proxy.Streams;

/// <summary>How bytes go from one side to the other.</summary>
internal sealed partial class StreamSession<TIo>
{
    private void Pump()
    {
        bool brokenBefore;
        bool more;
        do
        {
            // A side that breaks in one direction has something to say in the other.
            brokenBefore = _client.Broken | _server.Broken;
            more = Move(ref _client, ref _server, ref _bytesIn, ref _cell.BytesIn, ref Backend!.Cell.BytesIn);
            more |= Move(ref _server, ref _client, ref _bytesOut, ref _cell.BytesOut, ref Backend!.Cell.BytesOut);
        } while (brokenBefore != (_client.Broken | _server.Broken));

        if (_isApart && HasEndedApart())
        {
            return;
        }
        if (IsOver(_client, _server) || IsOver(_server, _client))
        {
            if (_endByStage is { } end)
            {
                _end = end;
                Abort();
                return;
            }
            CountReset();
            if (_bytesOut == 0 && (_server.Failed | _server.Broken) && !(_client.Failed | _client.Broken))
            {
                NoteBroken();
            }
            Abort();
        }
        else if (_client.Finished && _server.Finished)
        {
            EndInPeace();
        }
        else if (more)
        {
            Reactor.MakeReady(this);
        }
    }

    /// <summary>Whether a side is reset and the other has got all that it had sent.</summary>
    private static bool IsOver(in Side reset, in Side other) =>
        (reset.Broken || (reset.Failed && reset.Ended && !reset.Finished))
        && (other.Broken || (reset.Ended && !other.IsOwed));

    /// <summary>Moves data one way until somebody has to wait. True when only the budget ended it.</summary>
    private bool Move(ref Side from, ref Side to, ref long bytes, ref long serviceBytes, ref long backendBytes)
    {
        if (to.Broken)
        {
            Drop(ref to);
            return false;
        }
        if (to.IsOwed && !Flush(ref to, ref bytes, ref serviceBytes, ref backendBytes))
        {
            return false;
        }
        EndNow(ref to);
        for (var left = Reactor.Options.ReadsPerTurn; left > 0; left--)
        {
            if (!from.Readable || from.Ended || !to.Writable || to.Broken)
            {
                return false;
            }
            var sent =
                from.Chain is { } chain ? TransferThrough(chain, ref from, ref to, ref left)
                : to.Pipe is { } pipe ? Splice(ref from, ref to, pipe, ref left)
                : from.IsApart ? TransferPiece(ref from, ref to)
                : Transfer(ref from, ref to);
            Count(sent, ref bytes, ref serviceBytes, ref backendBytes);
        }
        return from.Readable && !from.Ended && to.Writable && !to.Broken;
    }

    /// <summary>One read, and the sending on of what it gave. Returns the bytes sent.</summary>
    private int Transfer(ref Side from, ref Side to)
    {
        var scratch = Reactor.Scratch;
        var mayKeep = Reactor.Buffers.HasRoom;
        var count = mayKeep ? _relay.Io.Receive(from.Descriptor, scratch) : _relay.Io.Peek(from.Descriptor, scratch);
        if (count <= 0)
        {
            EndOrWait(ref from, ref to, count);
            return 0;
        }
        to.MoreFollows = from.IsEnding;
        var sent = Send(ref to, scratch.Slice(0, count));
        if (!mayKeep && sent > 0)
        {
            _ = _relay.Io.Receive(from.Descriptor, scratch.Slice(0, sent));
        }
        else if (mayKeep && sent < count && !to.Broken)
        {
            Keep(ref to, scratch.Slice(sent, count - sent));
        }
        var isAll = mayKeep || sent == count;
        if (count < scratch.Length && isAll && !from.HangUp)
        {
            from.Readable = false;
        }
        to.LargeReads = count < Reactor.Options.LargeRead ? 0 : to.LargeReads + 1;
        if (to.LargeReads >= Reactor.Options.SpliceAfter && !to.IsOwed && !to.Broken)
        {
            to.Pipe = _relay.Pipes.TryRent();
        }
        return sent;
    }

    /// <summary>One read into the pipe, and the sending on of what it gave. Returns the bytes sent.</summary>
    private int Splice(ref Side from, ref Side to, SplicePipe pipe, ref int left)
    {
        var count = _relay.Io.Splice(from.Descriptor, pipe.Writer, pipe.Capacity);
        if (count <= 0)
        {
            EndOrWait(ref from, ref to, count);
            return 0;
        }
        pipe.Filled = count;
        left -= count / Reactor.Options.BufferSize;
        var sent = Empty(ref to, pipe);
        if (count < Reactor.Options.LargeRead && pipe.Filled == 0)
        {
            // The rush is over, and others may need the pipe.
            ReturnPipe(ref to);
        }
        return sent;
    }

    /// <summary>Sends what the pipe holds. Returns the bytes sent.</summary>
    private int Empty(ref Side to, SplicePipe pipe)
    {
        var total = 0;
        while (pipe.Filled > 0)
        {
            // Less than asked for does not mean that there is no room: only the error does.
            var sent = _relay.Io.Splice(pipe.Reader, to.Descriptor, pipe.Filled);
            if (sent <= 0)
            {
                NoteUnsent(ref to, sent);
                return total;
            }
            pipe.Filled -= sent;
            total += sent;
        }
        return total;
    }

    private void EndOrWait(ref Side from, ref Side to, int result)
    {
        from.Readable = false;
        if (result == -(int)Errno.TryAgain)
        {
            return;
        }
        from.Ended = true;
        // After a reset the kernel may say end-of-stream; passing that on would make half a message look whole.
        if (result < 0 || from.Broken)
        {
            from.Broken = true;
            return;
        }
        if ((_isApart && EndsUntold(ref from, ref to)) || EndsByTls(ref to))
        {
            return;
        }
        if (_relay.Io.ShutdownWrite(to.Descriptor) < 0)
        {
            to.Break();
        }
        to.Finished = true;
    }

    private int Send(ref Side to, ReadOnlySpan<byte> data)
    {
        var sent = _relay.Io.Send(to.Descriptor, data, to.MoreFollows);
        if (sent == data.Length)
        {
            return sent;
        }
        NoteUnsent(ref to, sent);
        return Math.Max(0, sent);
    }

    /// <summary>The same for a side that may be a pipe.</summary>
    private int SendAny(ref Side to, ReadOnlySpan<byte> data)
    {
        if (!to.IsPipe)
        {
            return Send(ref to, data);
        }
        var sent = _relay.Io.Write(to.Descriptor, data);
        if (sent != data.Length)
        {
            NoteUnsent(ref to, sent);
        }
        return Math.Max(0, sent);
    }

    private static void NoteUnsent(ref Side to, int result)
    {
        to.Writable = false;
        if (result < 0 && result != -(int)Errno.TryAgain)
        {
            to.Break();
        }
    }

    private void Keep(ref Side to, ReadOnlySpan<byte> rest) => rest.CopyTo(RentOverflow(ref to, rest.Length));

    private Span<byte> RentOverflow(ref Side to, int length)
    {
        to.Overflow = Reactor.Buffers.TryRent();
        to.OverflowIsOwn = to.Overflow is null;
        to.Overflow ??= new byte[length];
        to.OverflowStart = 0;
        to.OverflowEnd = length;
        return to.Overflow.AsSpan(0, length);
    }

    /// <summary>Sends what it is owed. True when all of it went.</summary>
    private bool Flush(ref Side to, ref long bytes, ref long serviceBytes, ref long backendBytes)
    {
        if (!to.Writable)
        {
            return false;
        }
        if (to.Overflow is null)
        {
            Count(Empty(ref to, to.Pipe!), ref bytes, ref serviceBytes, ref backendBytes);
            if (to.IsOwed)
            {
                return false;
            }
            WakeStages(ref to);
            return true;
        }
        var sent = SendAny(ref to, to.Overflow.AsSpan(to.OverflowStart, to.OverflowEnd - to.OverflowStart));
        to.OverflowStart += sent;
        if (to.Tls is null)
        {
            Count(sent, ref bytes, ref serviceBytes, ref backendBytes);
        }
        else if (sent > 0)
        {
            // Counted already, as what it was before it was encrypted.
            _lastActivity = Reactor.Now;
        }
        if (to.OverflowStart < to.OverflowEnd)
        {
            return false;
        }
        Drop(ref to);
        WakeStages(ref to);
        return true;
    }

    private void Count(int sent, ref long bytes, ref long serviceBytes, ref long backendBytes)
    {
        if (sent > 0)
        {
            bytes += sent;
            serviceBytes += sent;
            backendBytes += sent;
            _lastActivity = Reactor.Now;
        }
    }

    private void Drop(ref Side side)
    {
        if (side.Overflow is { } buffer)
        {
            side.Overflow = null;
            if (!side.OverflowIsOwn)
            {
                Reactor.Buffers.Return(buffer);
            }
        }
        if (side.Pipe is not null)
        {
            ReturnPipe(ref side);
        }
    }

    private void ReturnPipe(ref Side side)
    {
        _relay.Pipes.Return(side.Pipe!);
        side.Pipe = null;
        side.LargeReads = 0;
    }
}

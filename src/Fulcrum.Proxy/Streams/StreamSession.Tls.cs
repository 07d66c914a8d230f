using System.Text;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Protocols.Tls;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Securing;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// TLS at either side of a session (RFC 8446). The hello of a client is looked at where it lies, as for every route that
/// asks for one: it names the certificate, and who never says a word costs nothing. No backend hears of a client before
/// its handshake is over. What is owed to a side with TLS is encrypted already, so that sending, owing and ending follow
/// the rules of plain connections; it is counted as what it was before.
/// </summary>
internal sealed partial class StreamSession<TIo>
{
    private string _helloName = "";
    private bool _isProof;

    /// <summary>What an authority offers that asks whether a name is ours: this protocol and no other.</summary>
    private static ReadOnlySpan<byte> ProofOnly => "\nacme-tls/1"u8;

    private bool HasTls => _client.Tls is not null || _server.Tls is not null;

    /// <summary>So much of the application's makes no more of the wire than a buffer holds.</summary>
    private int MostForTls =>
        Reactor.Options.BufferSize - (TlsEngine.WireLength(Reactor.Options.BufferSize) - Reactor.Options.BufferSize);

    private void BeginHandshake(
        ListenerTls tls,
        ClientHelloReading reading,
        ReadOnlySpan<byte> serverName,
        ReadOnlySpan<byte> protocols,
        Span<byte> received
    )
    {
        if (reading == ClientHelloReading.NotTls)
        {
            FailHandshake(TlsFailure.Protocol);
            return;
        }
        Span<char> name = stackalloc char[serverName.Length];
        _ = Encoding.ASCII.GetChars(serverName, name);
        _helloName = _relay.Texts.Of(name) ?? "";
        _isProof = protocols.SequenceEqual(ProofOnly);
        _phase = SessionPhase.Crowded;
        // Of both together: waiting for a place, and what comes after it.
        Reactor.SetTimer(this, tls.HandshakeTimeout);
        if (_relay.Handshakes.TryEnter(this))
        {
            StartHandshake(received);
        }
    }

    /// <summary>There is a place for it: what costs memory and time begins here.</summary>
    /// <param name="seen">The hello, if it was just looked at.</param>
    private void StartHandshake(Span<byte> seen)
    {
        _phase = SessionPhase.Handshake;
        if ((_isProof ? Prove(_helloName) : _plan.Tls!.Current?.Accept(_helloName)) is not { } engine)
        {
            _ = _relay.Io.Send(_client.Descriptor, TlsServer.RefusedName);
            FailHandshake(TlsFailure.Name);
            return;
        }
        _client.Tls = engine;
        if (seen.IsEmpty || ShakeHands(seen, seen.Length < Reactor.Scratch.Length && !_client.HangUp))
        {
            ShakeHands();
        }
    }

    public override void Evict()
    {
        _cell.TlsFailedEvicted++;
        _end = SessionEnd.Evicted;
        Abort();
    }

    /// <summary>While it waits for a place, only its end is of interest: for one who is gone nothing is worked out.</summary>
    private void LeaveCrowd()
    {
        if (_client.HangUp)
        {
            _cell.CountTls(TlsFailure.Other);
            _end = _client.Failed ? SessionEnd.Reset : SessionEnd.Closed;
            Abort();
        }
    }

    private void LeaveHandshakes()
    {
        if (_phase == SessionPhase.Handshake)
        {
            _relay.Handshakes.Leave(this);
        }
        else if (_phase == SessionPhase.Crowded)
        {
            _relay.Handshakes.StopWaiting(this);
        }
    }

    private void ShakeHands()
    {
        if (!FlushWire(ref _client))
        {
            return;
        }
        Span<byte> wire;
        do
        {
            // Before a reset there may be an alert that tells why.
            var count = _relay.Io.Peek(_client.Descriptor, _relay.WireScratch);
            if (count <= 0 && _client.Failed)
            {
                count = -(int)Errno.ConnectionReset;
            }
            if (count == 0 || (count < 0 && count != -(int)Errno.TryAgain))
            {
                _cell.CountTls(TlsFailure.Other);
                _end = count == 0 ? SessionEnd.Closed : SessionEnd.Reset;
                Abort();
                return;
            }
            wire = _relay.WireScratch.AsSpan(0, Math.Max(0, count));
        } while (ShakeHands(wire, IsAll(_client, wire.Length)));
    }

    /// <summary>Goes on by what was looked at. True: and there may be more to look at.</summary>
    private bool ShakeHands(Span<byte> wire, bool isAll)
    {
        var turn = Turn(ref _client, wire);
        if (turn.Outcome is TlsOutcome.Failed or TlsOutcome.Ended)
        {
            FailHandshake(_client.Tls!.Failure);
            return false;
        }
        if (_client.Tls!.IsEstablished)
        {
            EndHandshake(_client.Tls);
            return false;
        }
        return !HasToWait(_client, isAll, turn);
    }

    /// <summary>A look that brought less than it could has shown the whole queue, unless an end is behind it.</summary>
    private bool IsAll(in Side side, int count) => count == 0 || (count < _relay.WireScratch.Length && !side.HangUp);

    /// <summary>What there was to be read is used up, and all that the engine has to say is said or waits for room.</summary>
    private static bool HasToWait(in Side side, bool isAll, in TlsTurn turn) =>
        side.IsOwed || (isAll && turn.Outcome != TlsOutcome.NeedsRoom);

    /// <summary>Gives the engine what was looked at, takes away what it has used, and sends its answer.</summary>
    private TlsTurn Turn(ref Side side, Span<byte> wire)
    {
        var turn = side.Tls!.Receive(wire, [], _relay.ReplyScratch);
        if (turn.Taken > 0)
        {
            _ = _relay.Io.Receive(side.Descriptor, wire[..turn.Taken]);
        }
        SendWire(ref side, _relay.ReplyScratch.AsSpan(0, turn.Wire));
        return turn;
    }

    /// <summary>
    /// For an authority that asks whether the name is ours (RFC 8737 section 3). Null: we do not expect it to.
    /// </summary>
    private TlsEngine? Prove(string name) =>
        _relay.Challenges?.Find(name) is { } proof
            ? TlsServer
                .Create(
                    new()
                    {
                        Certificates = [LoadedCertificate.Of(name, [proof.Certificate], proof.Key)],
                        Alpn = ["acme-tls/1"],
                    }
                )
                .Accept("")
            : null;

    private void EndHandshake(TlsEngine engine)
    {
        if (_isProof)
        {
            // That was the answer, and nothing comes after it.
            _end = SessionEnd.Closed;
            _ = _relay.Io.Close(_client.Descriptor);
            End();
            return;
        }
        _cell.TlsHandshakes++;
        if (engine.IsResumed)
        {
            _cell.TlsResumed++;
        }
        LeaveHandshakes();
        // Behind its last word of the handshake may be its first to the backend.
        _client.IsHolding = _client.Readable = true;
        Choose(_helloName, engine.AlpnList);
    }

    /// <summary>For one that is broken, that is longer than any, or that never ends (RFC 8446 section 6.2).</summary>
    private void RefuseHello()
    {
        _ = _relay.Io.Send(_client.Descriptor, TlsServer.RefusedHello);
        FailHandshake(TlsFailure.Protocol);
    }

    private void FailHandshake(TlsFailure failure)
    {
        _cell.CountTls(failure);
        _end = SessionEnd.Refused;
        CloseInPeace(_client);
        End();
    }

    /// <summary>
    /// So that the alert arrives, which a reset could overtake. What has come and nobody takes would make a reset of it.
    /// </summary>
    private void CloseInPeace(in Side side)
    {
        _ = _relay.Io.Receive(side.Descriptor, Reactor.Scratch);
        _ = _relay.Io.Close(side.Descriptor);
    }

    private void HandshakeIsLate()
    {
        _end = SessionEnd.Silent;
        _cell.TlsHandshakeTimeouts++;
        Abort();
    }

    /// <summary>Begins TLS with a backend that has accepted. False: the session is not open yet.</summary>
    private bool BeginSecuring(BackendTls tls)
    {
        if (_connect.Header is { } header)
        {
            // Before everything else, and in the clear (PROXY protocol section 2).
            SendHeader(header);
        }
        _phase = SessionPhase.Securing;
        _server.Tls = tls.Current.Connect();
        return Secure(EpollEvents.None);
    }

    /// <summary>Goes on with the handshake of a backend. True: it is over, and the session open.</summary>
    private bool Secure(EpollEvents events)
    {
        if ((events & EpollEvents.Error) != EpollEvents.None || _server.Broken)
        {
            ConnectFailed();
            return false;
        }
        if (!FlushWire(ref _server))
        {
            return false;
        }
        while (true)
        {
            var count = _relay.Io.Peek(_server.Descriptor, _relay.WireScratch);
            if (count == 0 || (count < 0 && count != -(int)Errno.TryAgain))
            {
                ConnectFailed();
                return false;
            }
            var wire = _relay.WireScratch.AsSpan(0, Math.Max(0, count));
            var turn = Turn(ref _server, wire);
            if (turn.Outcome is TlsOutcome.Failed or TlsOutcome.Ended || _server.Broken)
            {
                ConnectFailed();
                return false;
            }
            if (_server.Tls!.IsEstablished)
            {
                _server.IsHolding = _server.Readable = true;
                return Open();
            }
            if (HasToWait(_server, IsAll(_server, wire.Length), turn))
            {
                return false;
            }
        }
    }

    /// <summary>One read of a side with TLS. As <see cref="ReadPiece"/>.</summary>
    private int ReadTls(ref Side from, TlsEngine tls, Span<byte> buffer)
    {
        if (from.IsHolding)
        {
            from.IsHolding = false;
            var held = TakeTurn(ref from, tls, [], buffer);
            if (held != NoPiece)
            {
                return held;
            }
        }
        var most = Math.Min(MostForTls, buffer.Length) - TlsEngine.MaxBuffered;
        var wire = _relay.WireScratch.AsSpan(0, Reactor.Buffers.HasRoom ? most : Math.Min(most, SmallLength));
        var count = _relay.Io.Receive(from.Descriptor, wire);
        if (count <= 0)
        {
            return count;
        }
        if (count < wire.Length && !from.HangUp)
        {
            from.Readable = false;
        }
        return TakeTurn(ref from, tls, wire[..count], buffer);
    }

    private int TakeTurn(ref Side from, TlsEngine tls, ReadOnlySpan<byte> wire, Span<byte> buffer)
    {
        var turn = tls.Receive(wire, buffer, _relay.ReplyScratch);
        SendWire(ref from, _relay.ReplyScratch.AsSpan(0, turn.Wire));
        if (turn.Plain > 0)
        {
            if (turn.Outcome != TlsOutcome.Continue)
            {
                // Told when it is asked again.
                from.IsHolding = from.Readable = true;
            }
            return turn.Plain;
        }
        return turn.Outcome switch
        {
            TlsOutcome.Ended => 0,
            TlsOutcome.Failed => -(int)Errno.ConnectionReset,
            _ => NoPiece,
        };
    }

    /// <summary>One read of a side without TLS, for one with it.</summary>
    private int ReadForTls(ref Side from, Span<byte> buffer)
    {
        var most = Reactor.Buffers.HasRoom ? Math.Min(MostForTls, buffer.Length) : Math.Min(SmallLength, buffer.Length);
        var count = _relay.Io.Receive(from.Descriptor, buffer[..most]);
        if (count > 0 && count < most && !from.HangUp)
        {
            from.Readable = false;
        }
        return count;
    }

    /// <summary>Encrypts all of it and sends what goes. Returns the bytes that are on their way.</summary>
    private int SendTls(ref Side to, TlsEngine tls, ReadOnlySpan<byte> data)
    {
        var turn = tls.Send(data, _relay.WireScratch);
        if (turn.Taken < data.Length)
        {
            to.Break();
            return 0;
        }
        SendWire(ref to, _relay.WireScratch.AsSpan(0, turn.Wire));
        return data.Length;
    }

    /// <summary>Says our end to a side with TLS, and then as to every one. False: it has none.</summary>
    private bool EndsByTls(ref Side to)
    {
        if (to.Tls is not { } tls)
        {
            return false;
        }
        var turn = tls.Finish(_relay.ReplyScratch);
        to.MoreFollows = true;
        SendWire(ref to, _relay.ReplyScratch.AsSpan(0, turn.Wire));
        to.EndsWhenSent = true;
        EndNow(ref to);
        return true;
    }

    private void EndNow(ref Side to)
    {
        if (!to.EndsWhenSent || to.IsOwed)
        {
            return;
        }
        to.EndsWhenSent = false;
        if (_relay.Io.ShutdownWrite(to.Descriptor) < 0)
        {
            to.Break();
        }
        to.Finished = true;
    }

    /// <summary>Sends what is encrypted already, behind what is owed, and keeps what does not go.</summary>
    private void SendWire(ref Side to, ReadOnlySpan<byte> wire)
    {
        if (wire.IsEmpty || to.Broken)
        {
            return;
        }
        if (to.IsOwed)
        {
            KeepBehind(ref to, wire);
            return;
        }
        var sent = Send(ref to, wire);
        if (sent < wire.Length && !to.Broken)
        {
            Keep(ref to, wire[sent..]);
        }
    }

    /// <summary>A peer that makes us answer again and again, and takes nothing, has itself to thank for the end.</summary>
    private static void KeepBehind(ref Side to, ReadOnlySpan<byte> wire)
    {
        var owed = to.OverflowEnd - to.OverflowStart;
        if (to.Overflow!.Length - owed < wire.Length)
        {
            to.Break();
            return;
        }
        if (to.Overflow.Length - to.OverflowEnd < wire.Length)
        {
            to.Overflow.AsSpan(to.OverflowStart, owed).CopyTo(to.Overflow);
            (to.OverflowStart, to.OverflowEnd) = (0, owed);
        }
        wire.CopyTo(to.Overflow.AsSpan(to.OverflowEnd));
        to.OverflowEnd += wire.Length;
    }

    /// <summary>
    /// Sends what is owed before a session is open. False: some of it is left. A peer that takes nothing any more is owed
    /// nothing either, and whoever called finds out.
    /// </summary>
    private bool FlushWire(ref Side to)
    {
        if (to.Overflow is not null)
        {
            var sent = Send(ref to, to.Overflow.AsSpan(to.OverflowStart, to.OverflowEnd - to.OverflowStart));
            to.OverflowStart += sent;
            if (to.OverflowStart < to.OverflowEnd && !to.Broken)
            {
                return false;
            }
            Drop(ref to);
        }
        return true;
    }

    private void EndTls()
    {
        _client.Tls?.Dispose();
        _server.Tls?.Dispose();
        _client.Tls = _server.Tls = null;
    }
}

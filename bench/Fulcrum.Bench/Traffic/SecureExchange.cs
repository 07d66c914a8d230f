using Fulcrum.Bench.Traffic.Hasty;
using Fulcrum.Model.Tls;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Bench.Traffic;

/// <summary>
/// The same exchanges, of clients that speak TLS; the backend does not. A client's handshake costs more than a server's,
/// and would make the load the bottleneck: where each has a full one, clients hurry (<see cref="HastyClient"/>). Elsewhere
/// the codec is the product's, for it is OpenSSL in all of them; the loop around it is not.
/// </summary>
internal sealed unsafe class SecureExchange : Exchange, ILoad
{
    private const int RoomForReply = 64 * 1024;

    private readonly ISecureClient?[] _clients = new ISecureClient?[MostDescriptors];
    private readonly Customer?[] _customers = new Customer?[MostDescriptors];
    private readonly Stack<Customer> _waiting = [];
    private readonly byte[] _plain = new byte[BufferLength];
    private readonly byte[] _wire = GC.AllocateArray<byte>(RoomForReply, pinned: true);
    private readonly bool? _resumes;

    /// <param name="listener">The backend's.</param>
    /// <param name="manner">What becomes of a connection after its first exchange.</param>
    /// <param name="connections">Clients at once.</param>
    /// <param name="length">Bytes of a request, and of an answer.</param>
    /// <param name="resumes">
    /// Whether connections take up keys of earlier ones, and those that could and do not are errors; null: only the first
    /// handshakes are there, and nobody asks.
    /// </param>
    public SecureExchange(int listener, Manner manner, int connections, int length, bool? resumes)
        : base(listener, manner, connections, length, length)
    {
        _resumes = resumes;
        // One for each connection: no ticket is missing because another one has taken it.
        for (var customers = 0; customers < (resumes == true ? connections : 1); customers++)
        {
            _waiting.Push(new Customer());
        }
    }

    public string Agreed { get; private set; } = "";

    public override void Dispose()
    {
        Array.ForEach(_clients, client => client?.Dispose());
        base.Dispose();
    }

    protected override void Begin(Address target)
    {
        foreach (var customer in _waiting)
        {
            customer.Forget();
        }

        base.Begin(target);
    }

    protected override void OnConnected(int fd)
    {
        if (_resumes == false)
        {
            _clients[fd] = new HastyClient();
        }
        else
        {
            var customer = _customers[fd] = _resumes == true ? _waiting.Pop() : _waiting.Peek();
            _clients[fd] = new LibraryClient(customer.Client.Connect());
        }

        Take(fd, []);
    }

    protected override void SendRequest(int fd)
    {
        var turn = _clients[fd]!.Send(_plain.AsSpan(0, this[fd].Unsent), _wire);
        this[fd].Unsent = 0;
        if (!TrySend(fd, turn.Wire))
        {
            Fail(fd);
        }
    }

    protected override void OnClient(int fd, int events)
    {
        nint length;
        do
        {
            length = Native.Receive(fd, Buffer, BufferLength, 0);
            if (length < 0 && Native.LastError == Native.Again)
            {
                AnswerEnd(fd);
                return;
            }

            if (length <= 0)
            {
                // Whoever has said that nothing more comes may reset what is still sent to it.
                End(fd, inOrder: length == 0 || this[fd].HasEnded);
                return;
            }

            if (!Take(fd, new ReadOnlySpan<byte>(Buffer, (int)length)) || TryAnswer(fd))
            {
                return;
            }
        } while (length == BufferLength || EndsWithStream);
    }

    protected override void Forget(int fd)
    {
        base.Forget(fd);
        if (_clients[fd] is { } client)
        {
            client.Dispose();
            if (_resumes == true)
            {
                // Tickets come before the answer does.
                _customers[fd]!.IsKnown = IsAnswered(fd);
                _waiting.Push(_customers[fd]!);
            }

            (_customers[fd], _clients[fd]) = (null, null);
        }
    }

    /// <summary>False: it failed.</summary>
    private bool Take(int fd, ReadOnlySpan<byte> wire)
    {
        var client = _clients[fd]!;
        var wasEstablished = client.IsEstablished;
        TlsTurn turn;
        do
        {
            turn = client.Receive(wire, _plain, _wire);
            wire = wire[turn.Taken..];
            this[fd].Received += turn.Plain;
            this[fd].HasEnded |= turn.Outcome == TlsOutcome.Ended;
            if (turn.Outcome == TlsOutcome.Failed || !TrySend(fd, turn.Wire))
            {
                Fail(fd);
                return false;
            }
        } while (turn.Outcome == TlsOutcome.NeedsRoom || (turn.Taken > 0 && wire.Length > 0));

        if (client.IsEstablished && !wasEstablished)
        {
            Agreed = client.Agreed;
            if (_resumes is not null && client.IsResumed != (_customers[fd]?.IsKnown ?? false))
            {
                Meter.Fail();
            }

            Ask(fd);
        }

        return true;
    }

    /// <summary>
    /// Some close once a client has said too that nothing more comes (RFC 8446 section 6.1); it is they who have to close
    /// first.
    /// </summary>
    private void AnswerEnd(int fd)
    {
        if (this[fd].HasEnded)
        {
            // What went before it may have been reset: the end of the stream tells.
            _ = TrySend(fd, _clients[fd]!.Finish(_wire).Wire);
        }
    }

    /// <summary>What a client says is less than the room of any socket.</summary>
    private bool TrySend(int fd, int length)
    {
        fixed (byte* wire = _wire)
        {
            return length == 0 || Native.Send(fd, wire, length, Native.NoSignal) == length;
        }
    }

    /// <summary>Who connects, one connection after the other.</summary>
    private sealed class Customer
    {
        public TlsClient Client { get; } = TlsClient.Create(new TlsClientSettings { Verify = TlsVerify.None });

        /// <summary>It has tickets of an earlier connection.</summary>
        public bool IsKnown { get; set; }

        public void Forget()
        {
            Client.Sessions.Clear();
            IsKnown = false;
        }
    }
}

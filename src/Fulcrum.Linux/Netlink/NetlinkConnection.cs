using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink;

/// <summary>Reads what was asked for out of an answer; false: it is something else, and left out.</summary>
public delegate bool NetlinkDecoder<T>(in NetlinkMessage message, out T value);

/// <summary>
/// Requests to the kernel and its answers, over one netlink socket that is opened when it is first needed.
/// <para>
/// One conversation is held at a time, and whoever holds it reads the socket: there is no reader in the background and
/// no table of who waits for what. Speed comes from sending many requests at once. The kernel carries them out within
/// the send, and queues an acknowledgement for each, so no more are sent at once than the queue has room for; each
/// acknowledgement is matched by its sequence number.
/// </para>
/// <para>
/// Netlink is datagrams and the kernel's memory can run out, so an answer may never come; some requests are even known
/// to get none. Every wait has a bound. A conversation that was broken off, by the bound, a cancellation or lost
/// datagrams, is not continued: its socket is closed, and what was still to come goes with it.
/// </para>
/// <para>
/// A dump is told in many datagrams while others go on changing things. The kernel then says that it was interrupted
/// (NLM_F_DUMP_INTR), and it is asked again.
/// </para>
/// </summary>
public sealed class NetlinkConnection(Func<INetlinkSocket> open, TimeProvider time, TimeSpan patience) : IDisposable
{
    private const int MostRequestsAtOnce = 100;
    private const int MostBytesAtOnce = 64 << 10;
    private const int MostRepetitions = 8;

    [SuppressMessage("Reliability", "CA2213", Justification = "Who waits for a turn is still let through, to fail.")]
    private readonly SemaphoreSlim _gate = new(1);
    private INetlinkSocket? _socket;
    private uint _sequence;
    private volatile bool _disposed;

    /// <summary>
    /// Sends all that the writer has, in this order, and gives how each fared: null for what the kernel has done. One
    /// that failed does not keep it from the next.
    /// </summary>
    /// <param name="action">What it is for, in the words of the exception.</param>
    /// <exception cref="NetlinkException">There was no answer: what was sent may be done or not.</exception>
    public Task<NetlinkError?[]> ChangeAsync(NetlinkWriter requests, string action, CancellationToken cancellation) =>
        HoldAsync(
            async (socket, bound) =>
            {
                var outcome = new NetlinkError?[requests.Count];
                var rest = requests.Messages;
                for (var done = 0; done < outcome.Length; )
                {
                    var first = _sequence + 1;
                    var (length, count) = Number(rest.Span);
                    socket.Send(rest.Span[..length]);
                    await AcknowledgedAsync(socket, first, outcome.AsMemory(done, count), bound);
                    rest = rest[length..];
                    done += count;
                }

                return outcome;
            },
            action,
            cancellation
        );

    /// <summary>Sends the writer's one request, and gives all answers to it.</summary>
    /// <param name="action">What it is for, in the words of the exception.</param>
    /// <exception cref="NetlinkException">The kernel refused, did not answer, or was interrupted again and again.</exception>
    public async Task<IReadOnlyList<T>> AskAsync<T>(
        NetlinkWriter request,
        NetlinkDecoder<T> decode,
        string action,
        CancellationToken cancellation
    )
    {
        for (var attempt = 0; attempt <= MostRepetitions; attempt++)
        {
            var answers = await HoldAsync(
                (socket, bound) =>
                {
                    _ = Number(request.Messages.Span);
                    socket.Send(request.Written);
                    return AnsweredAsync(socket, _sequence, decode, bound);
                },
                action,
                cancellation
            );
            if (answers.Error is { } error)
            {
                throw new NetlinkException(error, action);
            }

            if (!answers.IsInterrupted)
            {
                return answers.Items;
            }
        }

        throw new NetlinkException(
            Errno.Interrupted,
            $"it changed each of the {MostRepetitions + 1} times that it was read",
            action
        );
    }

    /// <summary>What is under way fails, and so does what comes after.</summary>
    public void Dispose()
    {
        _disposed = true;
        Interlocked.Exchange(ref _socket, null)?.Dispose();
    }

    // A conversation that ends by an exception has not been heard to its end.
    private async Task<T> HoldAsync<T>(
        Func<INetlinkSocket, ReplyBound, Task<T>> converse,
        string action,
        CancellationToken cancellation
    )
    {
        // The kernel may wait for locks of its own within a send: that is not for the caller's thread to wait for.
        await _gate.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var bound = new ReplyBound(time, patience, cancellation);
        var isHeard = false;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var result = await converse(_socket ??= open(), bound);
            isHeard = true;
            return result;
        }
        catch (LinuxException exception)
        {
            throw new NetlinkException(new NetlinkError(exception.Error), action);
        }
        catch (SocketException exception) when (_disposed)
        {
            throw new ObjectDisposedException(nameof(NetlinkConnection), exception);
        }
        catch (OperationCanceledException) when (bound.IsReached)
        {
            throw new NetlinkException(
                Errno.TimedOut,
                $"the kernel did not answer within {patience.TotalSeconds:0.###} s",
                action
            );
        }
        finally
        {
            if (!isHeard || _disposed)
            {
                Interlocked.Exchange(ref _socket, null)?.Dispose();
            }

            _gate.Release();
        }
    }

    // Numbers the messages in order, as many as are sent at once; how many bytes and messages these are.
    private (int Length, int Count) Number(Span<byte> messages)
    {
        var (at, count) = (0, 0);
        while (at < messages.Length && count < MostRequestsAtOnce)
        {
            var length = MemoryMarshal.Read<int>(messages[at..]);
            if (count > 0 && at + length > MostBytesAtOnce)
            {
                break;
            }

            MemoryMarshal.Write(messages[(at + NetlinkMessage.SequenceOffset)..], ++_sequence);
            at += length;
            count++;
        }

        return (at, count);
    }

    private static async Task AcknowledgedAsync(
        INetlinkSocket socket,
        uint first,
        Memory<NetlinkError?> outcome,
        ReplyBound bound
    )
    {
        var acknowledged = new bool[outcome.Length];
        for (var missing = outcome.Length; missing > 0; )
        {
            missing -= Acknowledged((await bound.WaitAsync(socket)).Span);
        }

        int Acknowledged(ReadOnlySpan<byte> datagram)
        {
            var count = 0;
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                var index = message.Sequence - first;
                if (
                    index < (uint)acknowledged.Length
                    && !acknowledged[index]
                    && NetlinkError.TryDecode(message, out var error)
                )
                {
                    acknowledged[index] = true;
                    outcome.Span[(int)index] = error;
                    count++;
                }
            }

            return count;
        }
    }

    private static async Task<Answers<T>> AnsweredAsync<T>(
        INetlinkSocket socket,
        uint sequence,
        NetlinkDecoder<T> decode,
        ReplyBound bound
    )
    {
        var answers = new Answers<T>();
        while (!answers.IsComplete)
        {
            answers.Read((await bound.WaitAsync(socket)).Span, sequence, decode);
        }

        return answers;
    }
}

using System.Collections;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Checks;

/// <summary>
/// Many backends that cost next to nothing: loopback addresses of one port, which one listener accepts for all of them.
/// A thread takes connections one after the other, notes whom they are for, answers where that is wanted, and closes.
/// </summary>
internal sealed unsafe class Backends : IDisposable
{
    private const uint Base = (127u << 24) | (64u << 16);
    private const int BothSides = 2;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Thread _thread;
    private readonly byte[] _answer;
    private readonly BitArray _seen;
    private readonly uint _first;
    private long _began;
    private long _complete;
    private long _accepted;
    private int _missing;
    private bool _dead;

    /// <param name="first">The number of the first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="answer">What is said to a request; empty: there is none, and the connection is closed.</param>
    public Backends(int first, int count, ReadOnlySpan<byte> answer)
    {
        _first = Base + (uint)first;
        _answer = answer.ToArray();
        _seen = new(count);
        _missing = count;
        _listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        _listener.Listen(4096);
        _thread = new(Serve) { IsBackground = true };
        _thread.Start();
    }

    public ushort Port => (ushort)((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Connections so far.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>When the first connection came; 0: none has.</summary>
    public long Began => Interlocked.Read(ref _began);

    /// <summary>When each of them had had a connection; 0: not all have.</summary>
    public long Complete => Interlocked.Read(ref _complete);

    public static string Address(int backend)
    {
        var address = Base + (uint)backend;
        return $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";
    }

    /// <summary>From now on connections are refused.</summary>
    public void Die()
    {
        if (!_dead)
        {
            _dead = true;
            // Closing alone would leave the thread in accept(2), and the listener with it.
            _ = Native.Shutdown((int)_listener.Handle, BothSides);
            _thread.Join();
            _listener.Dispose();
        }
    }

    public void Dispose() => Die();

    private void Serve()
    {
        var listener = (int)_listener.Handle;
        while (Native.Accept(listener) is var fd and >= 0)
        {
            Note(Native.LocalAddress(fd) - _first);
            if (_answer.Length > 0)
            {
                Answer(fd);
            }

            _ = Native.Close(fd);
        }
    }

    private void Note(uint backend)
    {
        Interlocked.Increment(ref _accepted);
        if (backend < _seen.Count && !_seen[(int)backend])
        {
            var now = TimeProvider.System.GetTimestamp();
            _seen[(int)backend] = true;
            Interlocked.CompareExchange(ref _began, now, 0);
            if (--_missing == 0)
            {
                Interlocked.Exchange(ref _complete, now);
            }
        }
    }

    private void Answer(int fd)
    {
        var request = stackalloc byte[1024];
        // The client is under test, on this machine, and has just connected: its request comes, or its end.
        if (Native.ReceiveAndWait(fd, request, 1024, 0) > 0)
        {
            fixed (byte* answer = _answer)
            {
                _ = Native.Send(fd, answer, _answer.Length, Native.NoSignal);
            }
        }
    }
}

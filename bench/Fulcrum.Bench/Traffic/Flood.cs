namespace Fulcrum.Bench.Traffic;

/// <summary>
/// Datagrams in one direction, sent as fast as the kernel takes them, by turns with taking in what has come through. A
/// fixed number of clients is one socket, as in <see cref="Datagrams"/>. A unit is one that came through; an error is one
/// that did not.
/// </summary>
internal sealed class Flood : ILoad
{
    private const int BatchSize = 32;
    private const int LongestMessage = 2048;
    private const int Quiet = 50;

    private readonly Meter _meter = new();
    private readonly MessageBatch _sent = new(BatchSize, LongestMessage);
    private readonly MessageBatch _came = new(BatchSize, LongestMessage);
    private readonly int _backend;
    private readonly int _client;
    private readonly uint _firstSource;
    private readonly int _flows;
    private readonly int _length;
    private int _next;

    /// <param name="backend">The backend's socket.</param>
    /// <param name="firstSource">The address of the first client; each further one has the next.</param>
    /// <param name="flows">How many there are.</param>
    /// <param name="length">Bytes of a datagram.</param>
    public Flood(int backend, uint firstSource, int flows, int length)
    {
        (_backend, _firstSource, _flows, _length) = (backend, firstSource, flows, length);
        (_client, _) = Native.DatagramSocket(0);
    }

    public Sample Run(Address target, TimeSpan warmUp, TimeSpan duration, Func<TimeSpan> cpu)
    {
        _ = RunFor(target, warmUp);
        Drain();
        _meter.Begin(cpu);
        var (sent, came) = RunFor(target, duration);
        _meter.Count(came);
        var sample = _meter.End(cpu);
        return sample with { Errors = Math.Max(0, sent - came - Drain()) };
    }

    public void Dispose()
    {
        _ = Native.Close(_client);
        _sent.Dispose();
        _came.Dispose();
    }

    private (long Sent, long Came) RunFor(Address target, TimeSpan duration)
    {
        var (sent, came) = (0L, 0L);
        var start = Meter.Now;
        while (TimeProvider.System.GetElapsedTime(start) < duration)
        {
            for (var message = 0; message < BatchSize; message++)
            {
                _sent.Prepare(message, target, _firstSource + (uint)(_next++ % _flows), _length, _length);
            }

            _sent.Send(_client, BatchSize);
            sent += BatchSize;
            for (int received; (received = _came.Receive(_backend)) > 0; )
            {
                came += received;
                if (received < BatchSize)
                {
                    break;
                }
            }
        }

        return (sent, came);
    }

    // What is still on its way.
    private long Drain()
    {
        var came = 0L;
        for (var start = Meter.Now; TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < Quiet; )
        {
            if (_came.Receive(_backend) is > 0 and var received)
            {
                came += received;
                start = Meter.Now;
            }
        }

        return came;
    }
}

namespace Fulcrum.Bench.Traffic;

/// <summary>
/// Many flows of datagrams, each an address of its own at the same port of one socket: the source is named with each
/// message, so that one system call sends those of many flows, and one takes the answers to all. A fixed number is on
/// its way; for each answer the flow that has waited longest sends the next. With trains, a flow sends some datagrams
/// as one message (UDP_SEGMENT) and has its answer when all have come back; with bursts they are messages of their own. The backend sends back what came, and what
/// came in a row from one peer in one call.
/// </summary>
internal sealed unsafe class Datagrams : ILoad
{
    private const int BatchSize = 32;
    private const int LongestMessage = 64 * 1024;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    /// <summary>What takes longer is lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Meter _meter = new();
    private readonly MessageBatch _requests = new(BatchSize, LongestMessage);
    private readonly MessageBatch _answers = new(BatchSize, LongestMessage);
    private readonly MessageBatch _served = new(BatchSize, LongestMessage);
    private readonly MessageBatch _echoes = new(BatchSize, 0);
    private readonly Flow[] _flows;
    private readonly Queue<int> _waiting = new();
    private readonly int _backend;
    private readonly int _client;
    private readonly uint _firstSource;
    private readonly int _length;
    private readonly int _train;
    private readonly int _most;
    private Address _target;

    /// <param name="backend">The backend's socket.</param>
    /// <param name="firstSource">The address of the first flow; each further one has the next.</param>
    /// <param name="flows">How many there are.</param>
    /// <param name="length">Bytes of a datagram.</param>
    /// <param name="train">Datagrams that are sent at once.</param>
    /// <param name="most">Trains, or bursts of them, on their way at once.</param>
    public Datagrams(int backend, uint firstSource, int flows, int length, int train, int most)
    {
        (_backend, _firstSource, _length, _train, _most) = (backend, firstSource, length, train, most);
        (_client, _) = Native.DatagramSocket(0);
        _flows = new Flow[flows];
        for (var flow = 0; flow < flows; flow++)
        {
            _waiting.Enqueue(flow);
        }
    }

    /// <summary>Trains that a flow sends one after the other.</summary>
    public int Burst { get; init; } = 1;

    public Sample Run(Address target, TimeSpan warmUp, TimeSpan duration, Func<TimeSpan> cpu)
    {
        _target = target;
        SendNext(_most);
        TurnFor(warmUp, goOn: true);
        _meter.Begin(cpu);
        TurnFor(duration, goOn: true);
        var sample = _meter.End(cpu);
        TurnFor(Rest, goOn: false);
        GiveUp(olderThan: TimeSpan.Zero);
        return sample;
    }

    public void Dispose()
    {
        _ = Native.Close(_client);
        _requests.Dispose();
        _answers.Dispose();
        _served.Dispose();
        _echoes.Dispose();
    }

    private void TurnFor(TimeSpan duration, bool goOn)
    {
        var start = Meter.Now;
        var looked = start;
        while (TimeProvider.System.GetElapsedTime(start) < duration)
        {
            var served = Serve();
            var answered = TakeAnswers(out var ready);
            if (goOn)
            {
                SendNext(ready);
            }

            if (served + answered == 0)
            {
                Native.WaitForEither(_backend, _client, 10);
            }

            if (goOn && TimeProvider.System.GetElapsedTime(looked) > Patience / 4)
            {
                looked = Meter.Now;
                SendNext(GiveUp(Patience));
            }
        }
    }

    private int Serve()
    {
        var received = _served.Receive(_backend);
        var messages = 0;
        for (var first = 0; first < received; )
        {
            var peer = _served.NameOf(first);
            var length = _served.LengthOf(first);
            var end = first + 1;
            while (
                end < received
                && length + _served.LengthOf(end) <= _length * _train * Burst
                && _served.NameOf(end).IsSameAs(peer)
            )
            {
                length += _served.LengthOf(end++);
            }

            _echoes.PrepareEcho(messages++, _served, first, end - first, _length);
            first = end;
        }

        _echoes.Send(_backend, messages);
        return received;
    }

    /// <param name="ready">How many flows have all of their answer.</param>
    private int TakeAnswers(out int ready)
    {
        ready = 0;
        var received = _answers.Receive(_client);
        for (var message = 0; message < received; message++)
        {
            var mark = *_answers.MarkOf(message);
            if ((uint)mark.Flow >= (uint)_flows.Length || _flows[mark.Flow].Turn != mark.Turn)
            {
                // The answer to what was given up.
                continue;
            }

            var count = (_answers.LengthOf(message) + _length - 1) / _length;
            ref var flow = ref _flows[mark.Flow];
            flow.Missing -= count;
            _meter.Count(count);
            if (flow.Missing == 0)
            {
                _meter.Answered(flow.Sent);
                flow.Turn++;
                _waiting.Enqueue(mark.Flow);
                ready++;
            }
        }

        return received;
    }

    private void SendNext(int flows)
    {
        while (flows > 0)
        {
            var count = Math.Min(flows, BatchSize / Burst);
            var now = Meter.Now;
            for (var message = 0; message < count * Burst; message += Burst)
            {
                var index = _waiting.Dequeue();
                ref var flow = ref _flows[index];
                (flow.Missing, flow.Sent) = (_train * Burst, now);
                for (var next = message; next < message + Burst; next++)
                {
                    Mark(next, new DatagramMark { Flow = index, Turn = flow.Turn });
                    _requests.Prepare(next, _target, _firstSource + (uint)index, _length * _train, _length);
                }
            }

            _requests.Send(_client, count * Burst);
            flows -= count;
        }
    }

    private void Mark(int message, DatagramMark mark)
    {
        var start = (byte*)_requests.MarkOf(message);
        for (var datagram = 0; datagram < _train; datagram++)
        {
            *(DatagramMark*)(start + (datagram * _length)) = mark;
        }
    }

    /// <summary>Counts as lost what was sent too long ago. Returns how many flows may send again.</summary>
    private int GiveUp(TimeSpan olderThan)
    {
        var ready = 0;
        for (var index = 0; index < _flows.Length; index++)
        {
            ref var flow = ref _flows[index];
            if (flow.Missing > 0 && TimeProvider.System.GetElapsedTime(flow.Sent) >= olderThan)
            {
                _meter.Fail(flow.Missing);
                flow.Missing = 0;
                flow.Turn++;
                _waiting.Enqueue(index);
                ready++;
            }
        }

        return ready;
    }

    private struct Flow
    {
        public int Turn;
        public int Missing;
        public long Sent;
    }
}

using System.Net;
using System.Threading.Channels;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// News for the engine, from any thread. A newer word on the same thing takes the place of the older one, so that
/// it holds no more than there are things, however fast they change.
/// </summary>
internal sealed class Inbox
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly Dictionary<ProbeTask, CheckHealth> _health = [];
    private readonly Dictionary<string, Items<IPAddress>> _names = new(StringComparer.Ordinal);
    private readonly Queue<ApplyRequest> _requests = [];
    private bool _closed;

    public void Add(ProbeTask task, CheckHealth health)
    {
        lock (_lock)
        {
            _health[task] = health;
            Signal();
        }
    }

    public void Add(string name, Items<IPAddress> addresses)
    {
        lock (_lock)
        {
            _names[name] = addresses;
            Signal();
        }
    }

    public void Add(ApplyRequest request)
    {
        lock (_lock)
        {
            if (_closed)
            {
                request.Cancel();
                return;
            }

            _requests.Enqueue(request);
            Signal();
        }
    }

    /// <summary>Nobody reads on: requests that wait, and all that come, are cancelled, so that nobody waits in vain.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_requests.TryDequeue(out var request))
            {
                request.Cancel();
            }
        }
    }

    /// <summary>Wakes the engine although nothing came.</summary>
    public void Remind()
    {
        lock (_lock)
        {
            Signal();
        }
    }

    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _signal.Reader.ReadAsync(cancellation);

    /// <summary>Lays all news over the inputs; at most one request, so that each gets its own answer.</summary>
    public (EngineInputs Inputs, ApplyRequest? Request) Take(EngineInputs inputs)
    {
        lock (_lock)
        {
            foreach (var (task, found) in _health)
            {
                inputs = inputs with { Health = inputs.Health.With(task, found) };
            }

            foreach (var (name, addresses) in _names)
            {
                inputs = inputs with { Names = inputs.Names.With(name, new(addresses)) };
            }

            _health.Clear();
            _names.Clear();
            _requests.TryDequeue(out var request);
            if (_requests.Count > 0)
            {
                Signal();
            }

            return (inputs, request);
        }
    }

    private void Signal() => _signal.Writer.TryWrite(true);
}

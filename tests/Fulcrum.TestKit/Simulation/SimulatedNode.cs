using Fulcrum.Engine.Inheriting;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.TestKit.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.TestKit.Simulation;

/// <summary>
/// The real engine between recording adapters, on virtual time and one thread: what a test asks of it is done when the
/// call returns, and a run repeats itself exactly. The world (disk, addresses, announcements) outlives the engine, as
/// it outlives a process.
/// </summary>
public sealed class SimulatedNode
{
    private const int MostTimersAtOnce = 1000;

    private readonly string _name;
    private readonly PlaneOffer[] _offers;
    private readonly int _seed;
    private Pump _pump = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private Journal? _journal;

    public SimulatedNode(string name = "lb1", int seed = 1, params PlaneOffer[] offers)
    {
        _name = name;
        _seed = seed;
        _offers = offers.Length == 0 ? [PlaneOffer.Proxy] : offers;
        Addresses = new(Told, "address", address => address.Key);
        Announcements = new(Told, "announcement", announced => announced.Key);
        Seekers = new(Told);
        Planes = [];
    }

    public ManualTimeProvider Time { get; } = new();

    /// <summary>Everything that any adapter was told, in order.</summary>
    public AdapterJournal Told { get; } = new();

    public MemoryJournalDisk Disk { get; set; } = new();

    public RecordingAdapter<RaisedAddress> Addresses { get; }

    public RecordingAdapter<AnnouncedAddress> Announcements { get; }

    /// <summary>What the engine is given for <see cref="Addresses"/>: a test may stand between the two.</summary>
    public Func<IObjectAdapter<RaisedAddress>, IObjectAdapter<RaisedAddress>> AddressPort { get; set; } = port => port;

    /// <inheritdoc cref="AddressPort"/>
    public Func<IObjectAdapter<AnnouncedAddress>, IObjectAdapter<AnnouncedAddress>> AnnouncerPort { get; set; } =
        port => port;

    public RecordingSeekers Seekers { get; private set; }

    /// <summary>Planes of user space: they die with the engine.</summary>
    public IReadOnlyList<RecordingPlane> Planes { get; private set; }

    public RecordingPlane Plane => Planes[0];

    public Reconciler Engine { get; private set; } = null!;

    /// <summary>The engine's loop goes on.</summary>
    public bool IsRunning => !_running.IsCompleted;

    /// <summary>What another process of the node leaves to the next that starts; null: nothing.</summary>
    public Inheritance? Inheritance { get; set; }

    public ILogger<Reconciler> Log { get; set; } = NullLogger<Reconciler>.Instance;

    /// <summary>A process starts: the journal is opened, what stands is adopted.</summary>
    public SimulatedNode Start()
    {
        _pump = new();
        _stop = new();
        Seekers = new(Told);
        Planes = [.. _offers.Select(offer => new RecordingPlane(Told, offer))];
        _journal = Run(() => Journal.OpenAsync(Disk, new(), CancellationToken.None));
        Engine = new(_name, Planes, _journal, Time, new Random(_seed), Log);
        if (Inheritance is { } inheritance)
        {
            Engine.Inherit(inheritance);
        }

        var ports = new NodePorts
        {
            Prober = Seekers,
            Resolver = Seekers,
            Discovery = Seekers,
            Addresses = AddressPort(Addresses),
            Announcer = AnnouncerPort(Announcements),
        };
        _running = _pump.Start(() => Engine.RunAsync(ports, _stop.Token));
        _pump.RunUntilIdle();
        return this;
    }

    /// <summary>Does something that takes no time, and all that follows from it.</summary>
    public void Do(Action act)
    {
        _pump.Post(_ => act(), null);
        _pump.RunUntilIdle();
    }

    /// <summary>Asks something that is answered without time passing.</summary>
    public T Run<T>(Func<Task<T>> ask)
    {
        var answer = Begin(ask);
        return answer.IsCompleted
            ? answer.GetAwaiter().GetResult()
            : throw new InvalidOperationException("the answer takes time; advance it, or look what it waits for");
    }

    /// <summary>Asks something that may be answered later.</summary>
    public Task<T> Begin<T>(Func<Task<T>> ask)
    {
        var answer = _pump.Start(ask);
        _pump.RunUntilIdle();
        return answer;
    }

    /// <summary>Lets time pass, stepping from timer to timer.</summary>
    public void Advance(TimeSpan time)
    {
        var end = Time.Elapsed + time;
        var standing = 0;
        while (Time.UntilNextTimer is { } next && Time.Elapsed + next <= end)
        {
            standing = next > TimeSpan.Zero ? 0 : standing + 1;
            if (standing > MostTimersAtOnce)
            {
                throw new InvalidOperationException(
                    $"time stands still: the engine wakes itself at {Time.GetUtcNow():O} for {Engine.State.WakeAt:O}; "
                        + string.Join("; ", Engine.Status.Where(status => status.RetryAt is not null))
                );
            }

            Do(() => Time.Advance(next));
        }

        Do(() => Time.Advance(end - Time.Elapsed));
    }

    /// <summary>kill -9: nothing of the process runs on; of what was not flushed, a random part is on the disk.</summary>
    public void Kill(Random random)
    {
        _pump.Kill();
        Engine.Dispose();
        Disk = Disk.Crash(random);
    }

    /// <summary>Withdraws everything and ends, as SIGTERM does. False: not all was gone in time.</summary>
    public bool Stop(TimeSpan patience)
    {
        var withdrawn = Begin(() => Engine.WithdrawAsync(patience, CancellationToken.None));
        for (var waited = TimeSpan.Zero; !withdrawn.IsCompleted && waited <= patience; waited += patience / 20)
        {
            Advance(patience / 20);
        }

        Do(_stop.Cancel);
        if (!_running.IsCompleted)
        {
            throw new InvalidOperationException("the engine did not end");
        }

        _ = Run(async () =>
        {
            await _journal!.DisposeAsync();
            return true;
        });
        Engine.Dispose();
        return withdrawn.IsCompletedSuccessfully && withdrawn.Result;
    }
}

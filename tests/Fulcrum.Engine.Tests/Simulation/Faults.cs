using Fulcrum.Engine.Ports;
using Fulcrum.Model.Problems;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>What goes wrong now: operations that throw, refuse or hang, until it is healed.</summary>
internal sealed class Faults(Random random, SimulatedNode node)
{
    private static readonly string[] Operations =
    [
        "address: ",
        "address: +",
        "address: -",
        "address: read",
        "announcement: ",
        "announcement: -",
        "announcement: read",
        "proxy: prepare",
        "ipvs: prepare",
    ];

    private readonly List<TaskCompletionSource> _hanging = [];
    private readonly List<(string Operation, int Manner)> _active = [];
    private TimeSpan _last = TimeSpan.FromDays(-1);
    private int _diskFaults;

    /// <summary>Nothing is wrong, and what went wrong before was tried again.</summary>
    public bool Calm
    {
        get
        {
            if (node.Disk.Faults != _diskFaults)
            {
                (_diskFaults, _last) = (node.Disk.Faults, node.Time.Elapsed);
            }

            return _active.Count == 0
                && node.Disk is { Before: null, Capacity: long.MaxValue }
                && _last < node.Time.Elapsed - TimeSpan.FromSeconds(2);
        }
    }

    public override string ToString() => string.Join(' ', _active);

    public void Begin() => _active.Add((Operations[random.Next(Operations.Length)], random.Next(3)));

    public int BeginOfDisk()
    {
        var manner = random.Next(5);
        _last = node.Time.Elapsed;
        switch (manner)
        {
            case 0:
                node.Disk.FailNextFlush();
                break;
            case 1:
                node.Disk.FailNextAppend(random.Next(40));
                break;
            case 2:
                node.Disk.Capacity = node.Disk.Size + random.Next(60);
                break;
            case 3:
                node.Disk.Before = (_, _) => throw new IOException("Input/output error");
                break;
            default:
                node.Disk.Before = (_, _) => HangAsync(CancellationToken.None);
                break;
        }

        return manner;
    }

    public ValueTask BeforeAsync(string entry, CancellationToken cancellation)
    {
        foreach (var (_, manner) in _active.Where(fault => entry.StartsWith(fault.Operation, StringComparison.Ordinal)))
        {
            if (manner == 0)
            {
                return new(HangAsync(cancellation));
            }

            throw manner == 1 && entry.Contains("prepare", StringComparison.Ordinal)
                ? new PlaneRefusedException([
                    new Problem { Path = $"services.s{random.Next(1, 5)}.listen[0]", Message = "in use" },
                ])
                : new InvalidOperationException("bad day");
        }

        return default;
    }

    public void Heal()
    {
        _active.Clear();
        _last = node.Time.Elapsed;
        (node.Disk.Before, node.Disk.Capacity) = (null, long.MaxValue);
        var hanging = _hanging.ToList();
        _hanging.Clear();
        node.Do(() => hanging.ForEach(operation => operation.TrySetResult()));
    }

    /// <summary>The process is gone, and its waiting operations with it; the disk is another one.</summary>
    public void Crash() => _hanging.Clear();

    // Not the usual ways to wait: they would leave the thread of the simulation.
    private async Task HangAsync(CancellationToken cancellation)
    {
        var over = new TaskCompletionSource();
        _hanging.Add(over);
        var end = cancellation.Register(() => over.TrySetCanceled(cancellation));
        try
        {
            await over.Task;
        }
        finally
        {
            end.Unregister();
        }
    }
}

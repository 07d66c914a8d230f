using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Forwarding.Tests.Vips;

/// <summary>An engine that keeps the vips of a <see cref="VipLab"/>.</summary>
internal sealed class VipNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly Journal _journal;

    private VipNode(VipLab lab, Journal journal)
    {
        _journal = journal;
        var seekers = new RecordingSeekers(new());
        Engine = new("lb1", [], journal, TimeProvider.System, new(1), NullLogger<Reconciler>.Instance);
        var ports = new NodePorts
        {
            Prober = seekers,
            Resolver = seekers,
            Discovery = seekers,
            Addresses = lab.Start(),
        };
        _running = Engine.RunAsync(ports, _stop.Token);
    }

    public Reconciler Engine { get; }

    public static async Task<VipNode> StartAsync(VipLab lab) =>
        new(lab, await Journal.OpenAsync(new MemoryJournalDisk(), new(), default));

    public async Task ApplyAsync(params IEnumerable<Vip> vips)
    {
        var snapshot = Snapshot.Empty with { Vips = Named<Vip>.From(vips) };
        var result = await Engine.ApplyAsync(
            Source.File("test.yaml"),
            snapshot,
            new() { By = "test", AllowRemovals = true }
        );
        Assert.True(result.Applied, string.Join("; ", result.Problems));
    }

    /// <summary>How the address is, once it is so.</summary>
    public async Task<ObjectStatus> WhenAsync(string address, ObjectCondition condition)
    {
        ObjectStatus? status = null;
        await Wait.Until(
            () => (status = Engine.Status.FirstOrDefault(one => one.Key == address))?.Condition == condition,
            $"{address} to be {condition}"
        );
        return status!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Engine.Dispose();
        await _journal.DisposeAsync();
        _stop.Dispose();
    }
}

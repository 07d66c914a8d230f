using Fulcrum.Engine.Ports;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Simulation;

public sealed class SimulationTests
{
    [Fact]
    public void Whatever_happens_the_rules_hold()
    {
        var first = Seeds.FromEnvironmentOrFresh();
        var (told, raised, numbers, serve, rest, yes, no) = (0, 0, 0, 0, 0, 0, 0);
        var schedules = Soak.Count(10_000);
        for (var i = 0; i < schedules; i++)
        {
            var simulation = new SimulatedRun(first + i);
            var broken = Try(simulation);
            Assert.True(broken is null, $"{broken}\nFULCRUM_SEED={first + i} repeats it\n{Account(first + i)}");
            told += simulation.Order.Seen.Told;
            raised += simulation.Order.Seen.Raised;
            numbers += simulation.Numbers.Seen;
            serve += simulation.Serving.Seen.Serve;
            rest += simulation.Serving.Seen.Spared;
            yes += simulation.Operators.Seen.Yes;
            no += simulation.Operators.Seen.No;
        }

        int[] seen = [told, raised, numbers, serve, rest, yes, no];
        TestContext.Current.TestOutputHelper?.WriteLine($"{schedules} schedules: {string.Join(' ', seen)}");
        Assert.All(seen, count => Assert.True(count > schedules / 4, string.Join(' ', seen)));
    }

    [Fact]
    public void A_run_repeats_itself()
    {
        var first = Seeds.FromEnvironmentOrFresh();
        for (var i = 0; i < Soak.Count(200); i++)
        {
            var (one, other) = (new SimulatedRun(first + i), new SimulatedRun(first + i));
            Assert.Equal(one.Run(), other.Run());
            Assert.Equal(one.Node.Told.Entries, other.Node.Told.Entries);
        }
    }

    [Fact]
    public void An_adapter_that_says_it_raised_an_address_and_did_not_is_found_out() =>
        IsFoundOut(
            node => node.AddressPort = port => new Bent<RaisedAddress>(port) { Sets = _ => false },
            "the address does not stand"
        );

    [Fact]
    public void An_adapter_that_takes_back_an_announcement_too_late_is_found_out() =>
        IsFoundOut(
            node => node.AnnouncerPort = port => new Bent<AnnouncedAddress>(port) { Removes = _ => false },
            "still announces it"
        );

    [Fact]
    public void A_disk_that_flushes_nothing_is_found_out() => IsFoundOut(node => node.Disk.Lies = true, "instead of");

    private static void IsFoundOut(Action<SimulatedNode> bend, string how)
    {
        var seed = Seeds.FromEnvironmentOrFresh();
        for (var i = 0; i < 200; i++)
        {
            if (new SimulatedRun(seed + i, bend).Run() is { } broken && broken.Contains(how, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("nobody noticed");
    }

    private static string? Try(SimulatedRun simulation)
    {
        try
        {
            return simulation.Run();
        }
        catch (InvalidOperationException error)
        {
            return error.ToString();
        }
    }

    /// <summary>The end of the same run again, with all that is known after each step.</summary>
    private static string Account(int seed)
    {
        var again = new SimulatedRun(seed) { IsTraced = true };
        _ = Try(again);
        return string.Join('\n', again.Node.Told.Entries.TakeLast(150));
    }

    /// <summary>An adapter that says it did what it did not do.</summary>
    private sealed class Bent<T>(IObjectAdapter<T> adapter) : IObjectAdapter<T>
        where T : class
    {
        public Predicate<T> Sets { get; init; } = _ => true;

        public Predicate<T> Removes { get; init; } = _ => true;

        public ValueTask<IReadOnlyList<T>> ReadAsync(CancellationToken cancellation) => adapter.ReadAsync(cancellation);

        public ValueTask SetAsync(T wanted, CancellationToken cancellation) =>
            Sets(wanted) ? adapter.SetAsync(wanted, cancellation) : default;

        public ValueTask RemoveAsync(T present, CancellationToken cancellation) =>
            Removes(present) ? adapter.RemoveAsync(present, cancellation) : default;
    }
}

using System.Net;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Clients;
using Fulcrum.TestKit;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Tests.Clients;

public sealed class SourceLimitsTests
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(7, 20)]
    [InlineData(1000, 50)]
    [InlineData(1_000_000, 3)]
    public void In_no_span_of_time_do_more_come_in_than_burst_and_rate_allow(int rate, int burst)
    {
        var random = Seeds.NewRandom();
        var limits = Limits(new() { RatePerAddress = rate, BurstPerAddress = burst });
        var admitted = new List<long>();
        var now = 0L;
        for (var step = 0; step < 3_000; step++)
        {
            now +=
                random.Next(4) == 0
                    ? random.NextInt64(2 * Second / rate * burst + 1)
                    : random.NextInt64(Second / rate + 1);
            if (limits.TryEnter(Client("192.0.2.1"), now, out _) == SourceVerdict.Admitted)
            {
                admitted.Add(now);
            }
        }

        Assert.True(admitted.Count > burst);
        for (var first = 0; first < admitted.Count; first++)
        {
            for (var last = first; last < Math.Min(admitted.Count, first + (3 * burst) + 10); last++)
            {
                var allowed = burst + ((admitted[last] - admitted[first]) * rate / (double)Second);
                Assert.True(last - first + 1 <= allowed + 1e-6, $"{last - first + 1} came in where {allowed} may");
            }
        }
    }

    [Fact]
    public void Who_keeps_to_the_rate_is_never_refused_and_who_waits_has_the_whole_burst_again()
    {
        var limits = Limits(new() { RatePerAddress = 3, BurstPerAddress = 2 });
        var now = 0L;
        for (var count = 0; count < 1_000; count++, now += (Second / 3) + 1)
        {
            Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Client("2001:db8::1"), now, out _));
        }

        now += Second;
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Client("2001:db8::1"), now, out _));
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Client("2001:db8::1"), now, out _));
        Assert.Equal(SourceVerdict.TooFast, limits.TryEnter(Client("2001:db8::1"), now, out _));
    }

    [Fact]
    public void Who_is_refused_uses_nothing_up()
    {
        var limits = Limits(new() { RatePerAddress = 10, BurstPerAddress = 1 });
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Client("192.0.2.1"), 0, out _));
        for (var now = 0L; now < Second / 10; now += 100)
        {
            Assert.Equal(SourceVerdict.TooFast, limits.TryEnter(Client("192.0.2.1"), now, out _));
        }

        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Client("192.0.2.1"), Second / 10, out _));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.200", 24, 64, true)]
    [InlineData("192.0.2.1", "192.0.3.1", 24, 64, false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", 32, 64, true)]
    [InlineData("2001:db8::1", "2001:db8::2", 32, 64, true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", 32, 64, false)]
    [InlineData("192.0.2.1", "198.51.100.1", 0, 0, true)]
    [InlineData("192.0.2.1", "2001:db8::1", 0, 0, false)]
    public void Addresses_that_agree_in_so_many_bits_are_one(string one, string other, int mask4, int mask6, bool isOne)
    {
        var rules = new ClientRules
        {
            MaxConnectionsPerAddress = 1,
            MaskIpv4 = mask4,
            MaskIpv6 = mask6,
        };
        var limits = Limits(rules);
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Client(one), 0, out _));
        Assert.Equal(isOne ? SourceVerdict.TooMany : SourceVerdict.Admitted, limits.TryEnter(Client(other), 0, out _));
    }

    [Fact]
    public async Task Many_threads_never_let_in_more_than_there_may_be()
    {
        const int Limit = 3;
        const int Threads = 4;
        var limits = Limits(new() { MaxConnectionsPerAddress = Limit, TableSize = 20_000 });
        var active = new int[100];
        var tooMany = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread => Task.Run(() => Work(thread), TestContext.Current.CancellationToken))
        );
        Assert.Equal(0, tooMany);
        Assert.All(active, left => Assert.Equal(0, left));
        for (var source = 0; source < active.Length; source++)
        {
            for (var count = 0; count < Limit; count++)
            {
                Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Numbered(source), 0, out _));
            }
        }

        void Work(int thread)
        {
            var random = new Random(thread);
            var held = new List<(int Source, SourcePass Pass)>();
            for (var step = 0; step < 50_000; step++)
            {
                var source = random.Next(active.Length);
                if (limits.TryEnter(Numbered(source), 0, out var pass) == SourceVerdict.Admitted)
                {
                    _ = Interlocked.Increment(ref active[source]) > Limit ? Interlocked.Increment(ref tooMany) : 0;
                    held.Add((source, pass));
                }

                while (held.Count > 60 || (step == 49_999 && held.Count > 0))
                {
                    var (left, its) = held[^1];
                    held.RemoveAt(held.Count - 1);
                    _ = Interlocked.Decrement(ref active[left]);
                    its.Leave();
                }
            }
        }
    }

    [Fact]
    public void At_the_bound_sources_without_sessions_make_room_and_those_with_some_stay()
    {
        var limits = Limits(
            new()
            {
                MaxConnectionsPerAddress = 5,
                RatePerAddress = 1,
                BurstPerAddress = 9,
                TableSize = 3,
            }
        );
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Numbered(1), 0, out var one));
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Numbered(2), 0, out var two));
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Numbered(3), 0, out _));
        Assert.Equal(SourceVerdict.Crowded, limits.TryEnter(Numbered(4), 0, out _));
        two.Leave();
        one.Leave();
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Numbered(4), 0, out _));
        Assert.Equal((3, 2), limits.Count());
        // The first was seen later than the second and is still known: its sessions count.
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Numbered(1), 0, out _));
        Assert.Equal((3, 2), limits.Count());
    }

    [Fact]
    public void Other_limits_hold_for_what_is_known_and_other_masks_begin_anew()
    {
        var rules = new ClientRules { MaxConnectionsPerAddress = 2 };
        var limits = Limits(rules);
        Assert.Equal(SourceVerdict.Admitted, limits.TryEnter(Numbered(1), 0, out var pass));
        var narrower = SourceLimits.By(rules with { MaxConnectionsPerAddress = 1 }, limits)!;
        Assert.Equal(SourceVerdict.TooMany, narrower.TryEnter(Numbered(1), 0, out _));
        var masked = SourceLimits.By(rules with { MaskIpv4 = 24 }, narrower)!;
        Assert.Equal((0, 0), masked.Count());
        pass.Leave();
        Assert.Equal(SourceVerdict.Admitted, narrower.TryEnter(Numbered(1), 0, out _));
        Assert.Null(SourceLimits.By(ClientRules.None, limits));
    }

    private static SourceLimits Limits(ClientRules rules) => SourceLimits.By(rules, null)!;

    private static SocketAddress Client(string address) => SocketAddress.From(IPAddress.Parse(address), 1234);

    private static SocketAddress Numbered(int number) => Client($"10.1.{number / 256}.{number % 256}");
}

using System.Net;
using System.Net.NetworkInformation;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class WatchTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("192.0.2.7/24")]
    [InlineData("2001:db8::7/64")]
    public async Task Addresses_come_and_go(string address)
    {
        using var watch = _lab.Net.Addresses.Watch();
        _lab.Change("addr", "add", address, "dev", "left");
        _lab.Change("addr", "del", address, "dev", "left");
        var changes = await Until(watch, change => change.Kind == NetlinkChangeKind.Gone);
        Assert.Equal(NetlinkChangeKind.LookAnew, changes[0].Kind);
        Assert.All(changes[1..], change => Assert.Equal(_lab.Left, change.Item!.Interface));
        Assert.All(changes[1..], change => Assert.StartsWith(address, change.Item!.ToString()));
        Assert.Equal(NetlinkChangeKind.Present, changes[1].Kind);
    }

    [Theory]
    [InlineData("198.51.100.0/24")]
    [InlineData("2001:db8:1::/48")]
    public async Task Routes_come_and_go(string to)
    {
        using var watch = _lab.Net.Routes.Watch();
        _lab.Change("route", "add", to, "dev", "left");
        _lab.Change("route", "del", to, "dev", "left");
        var changes = await Until(watch, change => change.Kind == NetlinkChangeKind.Gone);
        Assert.Contains(
            changes,
            change => change.Kind == NetlinkChangeKind.Present && $"{change.Item!.Destination}" == to
        );
        Assert.Equal(to, $"{changes[^1].Item!.Destination}");
    }

    [Theory]
    [InlineData("-4")]
    [InlineData("-6")]
    public async Task Rules_come_and_go(string family)
    {
        using var watch = _lab.Net.Rules.Watch();
        _lab.Change(family, "rule", "add", "priority", "7", "table", "9");
        _lab.Change(family, "rule", "del", "priority", "7", "table", "9");
        var changes = await Until(watch, change => change.Kind == NetlinkChangeKind.Gone);
        Assert.Equal([null, (7u, 9u), (7u, 9u)], changes.Select(change => Of(change.Item)));

        static (uint, uint)? Of(Fulcrum.Linux.Netlink.Rules.RoutingRule? rule) =>
            rule is null ? null : (rule.Priority!.Value, rule.Table);
    }

    [Fact]
    public async Task Neighbors_come()
    {
        using var watch = _lab.Net.Neighbors.Watch();
        _lab.Change("neigh", "add", "192.0.2.9", "lladdr", "02:00:00:00:00:09", "dev", "left");
        var wanted = PhysicalAddress.Parse("02-00-00-00-00-09");
        _ = await Until(watch, change => wanted.Equals(change.Item?.HardwareAddress));
    }

    [Fact]
    public async Task Links_come_change_and_go()
    {
        using var watch = _lab.Net.Links.Watch();
        _lab.Change("link", "add", "name", "new", "type", "bridge");
        _lab.Change("link", "set", "new", "up");
        _lab.Change("link", "del", "new");
        var changes = await Until(watch, change => change.Kind == NetlinkChangeKind.Gone && change.Item!.Name == "new");
        Assert.Contains(changes, change => change is { Item: { Name: "new", IsUp: false } });
        Assert.Contains(
            changes,
            change => change is { Kind: NetlinkChangeKind.Present, Item: { Name: "new", IsUp: true } }
        );
    }

    [Fact]
    public async Task Who_does_not_read_is_told_to_look_anew_and_goes_on()
    {
        using var watch = _lab.Net.Addresses.Watch();
        var many = Enumerable
            .Range(0, 5000)
            .Select(i => new InterfaceAddress
            {
                Interface = _lab.Left,
                Address = IPAddress.Parse($"10.{i / 250}.{i % 250}.1"),
                PrefixLength = 32,
            })
            .ToArray();
        Assert.All(await _lab.Net.Addresses.AddAsync(many), Assert.Null);
        Assert.All(await _lab.Net.Addresses.DeleteAsync(many), Assert.Null);
        var isFirst = true;
        var lost = await Until(
            watch,
            change =>
            {
                var isLost = change.Kind == NetlinkChangeKind.LookAnew && !isFirst;
                isFirst = false;
                return isLost;
            }
        );
        Assert.InRange(lost.Count, 2, many.Length * 2);
        _lab.Change("addr", "add", "192.0.2.7/24", "dev", "left");
        _ = await Until(watch, change => change.Item?.Address.ToString() == "192.0.2.7");
    }

    [Fact]
    public async Task Reading_ends_when_it_is_cancelled()
    {
        using var watch = _lab.Net.Links.Watch();
        using var stop = new CancellationTokenSource();
        await using var changes = watch.ReadAsync(stop.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await changes.MoveNextAsync());
        var next = changes.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(next, "the end of reading"));
    }

    private static Task<List<NetlinkChange<T>>> Until<T>(NetlinkWatch<T> watch, Func<NetlinkChange<T>, bool> isLast)
        where T : class
    {
        return Wait.For(Read(), "the change");

        async Task<List<NetlinkChange<T>>> Read()
        {
            using var enough = new CancellationTokenSource(Wait.DefaultTimeout, TimeProvider.System);
            var changes = new List<NetlinkChange<T>>();
            await foreach (var change in watch.ReadAsync(enough.Token))
            {
                changes.Add(change);
                if (isLast(change))
                {
                    break;
                }
            }

            return changes;
        }
    }
}

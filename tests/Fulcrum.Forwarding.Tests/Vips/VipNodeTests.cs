using Fulcrum.Engine.Reconciling;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;

namespace Fulcrum.Forwarding.Tests.Vips;

/// <summary>The engine and the kernel together: what is wanted comes about whatever others do.</summary>
public sealed class VipNodeTests : IDisposable
{
    private readonly VipLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("192.0.2.80")]
    [InlineData("2001:db8::80")]
    public async Task One_that_was_removed_by_hand_comes_back_at_once(string address)
    {
        await using var node = await VipNode.StartAsync(_lab);
        await node.ApplyAsync(Vip("edge", address));
        await node.WhenAsync(address, ObjectCondition.Standing);
        _lab.Node.Ip("address", "del", address, "dev", "eth0");
        // Far sooner than the engine looks by itself.
        await Wait.Until(() => _lab.Seen(address).Count == 1, "the address to come back", TimeSpan.FromSeconds(10));
        await node.WhenAsync(address, ObjectCondition.Standing);
    }

    [Fact]
    public async Task One_whose_interface_comes_later_waits_for_it()
    {
        await using var node = await VipNode.StartAsync(_lab);
        await node.ApplyAsync(Vip("edge", "198.51.100.80", new OnInterface("late")));
        var status = await node.WhenAsync("198.51.100.80", ObjectCondition.Failing);
        Assert.Equal("there is no interface late", status.Reason);
        _lab.Node.Ip("link", "set", "eth1", "name", "late");
        await node.WhenAsync("198.51.100.80", ObjectCondition.Standing);
        Assert.Equal("late", Assert.Single(_lab.Seen("198.51.100.80")).Interface);
    }

    [Fact]
    public async Task A_foreign_one_is_an_error_until_it_goes()
    {
        _lab.Node.Ip("address", "add", "192.0.2.80/24", "dev", "eth0");
        await using var node = await VipNode.StartAsync(_lab);
        await node.ApplyAsync(Vip("edge", "192.0.2.80"));
        var status = await node.WhenAsync("192.0.2.80", ObjectCondition.Failing);
        Assert.Equal("192.0.2.80 stands on eth0 already, and is not ours", status.Reason);
        Assert.Equal(24, (int)Assert.Single(_lab.Seen("192.0.2.80")).Address["prefixlen"]!);
        _lab.Node.Ip("address", "del", "192.0.2.80/24", "dev", "eth0");
        await node.WhenAsync("192.0.2.80", ObjectCondition.Standing);
        Assert.Equal(32, (int)Assert.Single(_lab.Seen("192.0.2.80")).Address["prefixlen"]!);
    }

    [Fact]
    public async Task Another_run_keeps_what_is_wanted_and_removes_the_rest()
    {
        await using (var node = await VipNode.StartAsync(_lab))
        {
            await node.ApplyAsync(Vip("kept", "192.0.2.80"), Vip("orphan", "192.0.2.81"), Vip("six", "2001:db8::80"));
            await node.WhenAsync("192.0.2.80", ObjectCondition.Standing);
            await node.WhenAsync("192.0.2.81", ObjectCondition.Standing);
            await node.WhenAsync("2001:db8::80", ObjectCondition.Standing);
        }

        var writes = _lab.Writes;
        await using var next = await VipNode.StartAsync(_lab);
        await next.ApplyAsync(Vip("kept", "192.0.2.80"), Vip("six", "2001:db8::80"));
        await Wait.Until(() => _lab.Seen("192.0.2.81").Count == 0, "the orphan to go");
        await next.WhenAsync("192.0.2.80", ObjectCondition.Standing);
        await next.WhenAsync("2001:db8::80", ObjectCondition.Standing);
        // The orphan's removal, and nothing else.
        Assert.Equal(writes + 1, _lab.Writes);
    }

    [Fact]
    public async Task One_that_nobody_else_may_have_stands_when_the_link_was_asked()
    {
        await using var node = await VipNode.StartAsync(_lab);
        await node.ApplyAsync(Vip("edge", "2001:db8::80") with { Active = ActiveOn.Role });
        await node.WhenAsync("2001:db8::80", ObjectCondition.Pending);
        await node.WhenAsync("2001:db8::80", ObjectCondition.Standing);
        Assert.Null(Assert.Single(_lab.Seen("2001:db8::80")).Address["tentative"]);
    }

    [Fact]
    public async Task Thousands_are_raised_and_lowered()
    {
        const int Count = 2000;
        await using var node = await VipNode.StartAsync(_lab);
        var vips = Enumerable
            .Range(0, Count)
            .Select(i =>
                Vip($"v{i}", i % 2 == 0 ? $"10.0.{i / 250}.{i % 250}" : $"2001:db8:1::{i:x}", new OnInterface("eth1"))
            )
            .ToList();
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        await node.ApplyAsync(vips);
        await Wait.Until(
            () => node.Engine.Status.Count(one => one.Condition == ObjectCondition.Standing) == Count,
            "all to stand"
        );
        var raised = time.GetElapsedTime(start);
        Assert.Equal(Count, _lab.Writes);
        start = time.GetTimestamp();
        await node.ApplyAsync();
        await Wait.Until(() => node.Engine.State.Inputs.Observed.Addresses.IsEmpty, "all to be gone");
        var lowered = time.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Count} addresses raised in {raised.TotalMilliseconds:0} ms, lowered in {lowered.TotalMilliseconds:0} ms"
        );
        Assert.Empty(_lab.Seen("10.0.0.0"));
    }

    private static Vip Vip(string name, string address, VipPlace? on = null) =>
        new()
        {
            Name = name,
            Addresses = [VipLab.Vip(address).Address],
            On = on ?? new OnMatchingInterface(),
            UpWhen = UpWhen.Always,
            Active = ActiveOn.EveryNode,
        };
}

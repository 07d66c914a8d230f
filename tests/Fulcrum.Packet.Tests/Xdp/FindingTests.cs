using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Ranges of ports, prefixes of addresses, and who may use them.</summary>
public abstract class FindingTests : IDisposable
{
    private readonly Lab _lab;

    protected FindingTests(Hook hook)
    {
        _lab = new(hook);
        for (var number = 1u; number <= 5; number++)
        {
            _lab.Backend(number, BackendForwarding.Direct, Family.Four);
            _lab.Ring(number, number);
        }
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0, 65535, 1)]
    [InlineData(1, 65535, 16)]
    [InlineData(80, 80, 1)]
    [InlineData(1000, 1999, 7)]
    [InlineData(1, 65534, 30)]
    public void A_range_is_the_fewest_prefixes(int first, int last, int count)
    {
        var keys = RangeKey.Of(TableAddress.Of(Family.Four.Vip), Wire.Tcp, first, last).ToList();
        Assert.Equal(count, keys.Count);
        var next = first;
        foreach (var key in keys)
        {
            Assert.Equal(next, key.Port.Number);
            next += 1 << (176 - (int)key.Length);
        }

        Assert.Equal(last + 1, next);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void The_narrowest_wins(int version)
    {
        var family = Family.Of(version);
        var address = TableAddress.Of(family.Vip);
        _lab.Program.Vips.Set(new VipKey(address, TablePort.Of(1500), Wire.Tcp), Vip(1));
        foreach (var key in RangeKey.Of(address, Wire.Tcp, 1000, 1999))
        {
            _lab.Program.Ranges.Set(key, Vip(2));
        }

        foreach (var key in RangeKey.Of(address, Wire.Tcp, 0, 65535))
        {
            _lab.Program.Ranges.Set(key, Vip(3));
        }

        var network = new IPNetwork(
            family.IsSix ? IPAddress.Parse("2001:db8::") : IPAddress.Parse("192.0.2.0"),
            family.IsSix ? 64 : 24
        );
        _lab.Program.Prefixes.Set(new PrefixKey(network, 443, Wire.Tcp), Vip(4));
        _lab.Program.Prefixes.Set(new PrefixKey(network, 0, Wire.Tcp), Vip(5));

        Assert.Equal(1u, Chosen(family.At(1500)));
        Assert.Equal(2u, Chosen(family.At(1000)));
        Assert.Equal(2u, Chosen(family.At(1999)));
        Assert.Equal(3u, Chosen(family.At(999)));
        Assert.Equal(3u, Chosen(family.At(2000)));
        Assert.Equal(3u, Chosen(family.At(443)));
        var other = IPAddress.Parse(family.IsSix ? "2001:db8::ffff" : "192.0.2.255");
        Assert.Equal(4u, Chosen(new(other, 443)));
        Assert.Equal(5u, Chosen(new(other, 444)));
        var outside = IPAddress.Parse(family.IsSix ? "2001:db8:0:1::" : "192.0.3.0");
        Assert.Equal(Reason.PassedNotVip, _lab.Send(Syn(family.Client(1), new(outside, 443))).Reason);
        var datagram = Lab.Incoming(Wire.UdpPacket(family.Client(1), family.At(1500), [1]));
        Assert.Equal(Reason.PassedNotVip, _lab.Send(datagram).Reason);

        uint Chosen(IPEndPoint at) => _lab.BackendOf(Syn(family.Client(1), at));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Sources_are_let_in_by_the_longest_prefix(int version)
    {
        var family = Family.Of(version);
        var (wide, narrow) = family.IsSix
            ? (new IPNetwork(IPAddress.Parse("2001:db8:c::"), 48), new IPNetwork(IPAddress.Parse("2001:db8:c::9"), 128))
            : (new IPNetwork(IPAddress.Parse("198.51.100.0"), 24), new IPNetwork(IPAddress.Parse("198.51.100.9"), 32));
        var frames = new[] { 8, 9 }.Select(number => Syn(family.Client(1, number), family.At())).ToList();
        var stranger = Syn(new(family.Ours, 1), family.At());

        Set(VipFlags.ListsSources, SourceRule.Denied, SourceRule.Allowed);
        Assert.Equal(Reason.DroppedDenied, _lab.Send(frames[0]).Reason);
        Assert.Equal(Reason.SentDirect, _lab.Send(frames[1]).Reason);
        Assert.Equal(Reason.SentDirect, _lab.Send(stranger).Reason);
        Set(VipFlags.ListsSources | VipFlags.AdmitsListed, SourceRule.Allowed, SourceRule.Denied);
        Assert.Equal(Reason.SentDirect, _lab.Send(frames[0]).Reason);
        Assert.Equal(Reason.DroppedDenied, _lab.Send(frames[1]).Reason);
        Assert.Equal(Reason.DroppedDenied, _lab.Send(stranger).Reason);
        Set(VipFlags.None, SourceRule.Denied, SourceRule.Denied);
        Assert.Equal(Reason.SentDirect, _lab.Send(frames[0]).Reason);

        void Set(VipFlags flags, SourceRule ofWide, SourceRule ofNarrow)
        {
            _lab.Program.Vips.Set(
                new VipKey(TableAddress.Of(family.Vip), TablePort.Of(Family.VipPort), Wire.Tcp),
                new VipEntry(1, flags, Lab.Slots)
            );
            _lab.Program.Sources.Set(new SourceKey(1, wide), (uint)ofWide);
            _lab.Program.Sources.Set(new SourceKey(1, narrow), (uint)ofNarrow);
        }
    }

    private static VipEntry Vip(uint number) => new(number, VipFlags.None, Lab.Slots);

    private static byte[] Syn(IPEndPoint client, IPEndPoint at) => Lab.Incoming(Wire.TcpPacket(client, at, Wire.Syn));
}

public sealed class FindingTestsAtDriver() : FindingTests(Hook.Driver);

public sealed class FindingTestsAtTrafficControl() : FindingTests(Hook.TrafficControl);

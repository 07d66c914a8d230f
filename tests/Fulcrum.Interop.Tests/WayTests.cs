using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

/// <summary>As whom a host is asked, and by what way. The kernel's own filter and routes are the witnesses.</summary>
public sealed class WayTests : IDisposable
{
    private const int Mark = 7;

    private readonly Topology _network = new();
    private readonly Host _prober;
    private readonly Host _host;

    public WayTests() => (_prober, _host) = (_network.AddHost("prober"), _network.AddHost("host"));

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("icmp", "10.0.1.2", "10.0.1.50", "replied", "waiting for a reply")]
    [InlineData("icmp", "fd00:0:0:1::2", "fd00:0:0:1::50", "replied", "waiting for a reply")]
    [InlineData("tcp", "10.0.1.2", "10.0.1.50", "connected", "connecting")]
    [InlineData("tcp", "fd00:0:0:1::2", "fd00:0:0:1::50", "connected", "connecting")]
    public async Task A_host_that_hears_one_source_is_asked_from_there(
        string kind,
        string address,
        string source,
        string reason,
        string waited
    )
    {
        var family = source.Contains(':', StringComparison.Ordinal) ? "ip6" : "ip";
        var length = family == "ip" ? 32 : 128;
        // Not preferred: nobody has it who does not ask for it.
        _prober.Namespace.Ip("address", "add", $"{source}/{length}", "dev", "eth0", "preferred_lft", "0");
        var host = _host.Namespace;
        host.Run("nft", "add table inet test");
        host.Run("nft", "add chain inet test in { type filter hook input priority 0; }");
        host.Run("nft", $"add rule inet test in {family} saddr != {source} tcp dport 1-65535 drop");
        host.Run("nft", $"add rule inet test in {family} saddr != {source} icmp type echo-request drop");
        host.Run("nft", $"add rule inet test in {family} saddr != {source} icmpv6 type echo-request drop");
        await using var server = Listen(IPAddress.Parse(address));
        var task = TaskFor(kind, server.EndPoint);
        Assert.Equal(Healthy(reason), await Ask(task with { Source = IPAddress.Parse(source) }));
        Assert.Equal(
            Unhealthy($"timed out {waited}"),
            await Ask(task with { Timeout = TimeSpan.FromMilliseconds(300) })
        );
    }

    [Theory]
    [InlineData("tcp", "192.0.2.10", "connected")]
    [InlineData("tcp", "2001:db8::10", "connected")]
    public async Task A_mark_takes_its_own_way(string kind, string address, string reason)
    {
        var isV4 = !address.Contains(':', StringComparison.Ordinal);
        var (family, gateway) = isV4 ? ("-4", _host.Address) : ("-6", _host.Address6);
        // Without a wait for whoever else may have it (RFC 4862 section 5.4).
        string[] atOnce = isV4 ? [] : ["nodad"];
        _host.Namespace.Ip(["address", "add", address, "dev", "eth0", .. atOnce]);
        _prober.Namespace.Ip(family, "route", "add", address, "via", $"{gateway}", "table", $"{Mark}");
        _prober.Namespace.Ip(family, "rule", "add", "fwmark", $"{Mark}", "table", $"{Mark}");
        await using var server = Listen(IPAddress.Parse(address));
        var task = TaskFor(kind, server.EndPoint);
        Assert.Equal(Healthy(reason), await Ask(task with { Mark = Mark }));
        Assert.Equal(Unhealthy("network unreachable"), await Ask(task));
    }

    /// <summary>An address that is not ours is our fault, not the host's.</summary>
    [Theory]
    [InlineData("icmp")]
    [InlineData("tcp")]
    public async Task A_source_that_is_not_there_condemns_nobody(string kind)
    {
        var task = TaskFor(kind, new(_host.Address, 80)) with { Source = IPAddress.Parse("192.0.2.20") };
        Assert.Equal(Unknown("source address or port not available"), await Inquiry.Word(task, _prober.Namespace));
    }

    private TcpServer Listen(IPAddress address) =>
        TcpServer.Start(_host.Namespace, new(address, 8080), _ => Task.CompletedTask);

    private static ProbeTask TaskFor(string kind, IPEndPoint target) =>
        kind == "icmp"
            ? Inquiry.TaskFor(new IcmpProbe(), target.Address)
            : Inquiry.TaskFor(new TcpProbe(), target.Address, target.Port);

    private Task<Finding> Ask(ProbeTask task) => Inquiry.Verdict(task, _prober.Namespace);
}

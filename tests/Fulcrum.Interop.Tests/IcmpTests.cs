using System.Net;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

/// <summary>With the kernel as the peer: whether a host is there.</summary>
public sealed class IcmpTests
{
    [Theory]
    [InlineData("127.0.0.1", "replied")]
    [InlineData("127.9.9.9", "replied")]
    [InlineData("::1", "replied")]
    [InlineData("192.0.2.1", "network unreachable")]
    [InlineData("2001:db8::1", "network unreachable")]
    public async Task A_host_without_a_network_reaches_itself(string address, string reason)
    {
        using var home = NetworkNamespace.Create("alone");
        var finding = await Inquiry.Verdict(Inquiry.TaskFor(new IcmpProbe(), IPAddress.Parse(address)), home);
        Assert.Equal(reason == "replied" ? Healthy(reason) : Unhealthy(reason), finding);
    }

    [Theory]
    [InlineData("10.0.1.2", "replied")]
    [InlineData("fd00:0:0:1::2", "replied")]
    [InlineData("10.0.1.99", "host unreachable")]
    [InlineData("fd00:0:0:1::99", "host unreachable")]
    [InlineData("10.0.2.1", "network unreachable")]
    [InlineData("fd00:0:0:2::1", "no route")]
    public async Task A_host_that_is_not_there_is_told_by_whoever_knows(string address, string reason)
    {
        using var network = new Topology();
        var (prober, router) = (network.AddHost("prober"), network.AddHost("router"));
        router.Namespace.Sysctl("net.ipv4.ip_forward", "1");
        router.Namespace.Sysctl("net.ipv6.conf.all.forwarding", "1");
        prober.Namespace.Ip("route", "add", "10.0.2.0/24", "via", $"{router.Address}");
        prober.Namespace.Ip("-6", "route", "add", "fd00:0:0:2::/64", "via", $"{router.Address6}");
        prober.Namespace.Sysctl("net.ipv4.neigh.eth0.retrans_time_ms", "50");
        prober.Namespace.Sysctl("net.ipv6.neigh.eth0.retrans_time_ms", "50");
        var task = Inquiry.TaskFor(new IcmpProbe(), IPAddress.Parse(address));
        Assert.Equal(
            reason == "replied" ? Healthy(reason) : Unhealthy(reason),
            await Inquiry.Verdict(task, prober.Namespace)
        );
    }

    [Fact]
    public async Task A_host_that_refuses_and_one_that_is_silent_are_told()
    {
        using var network = new Topology();
        var (prober, host) = (network.AddHost("prober"), network.AddHost("host"));
        host.Namespace.Run("nft", "add table inet test");
        host.Namespace.Run("nft", "add chain inet test in { type filter hook input priority 0; }");
        host.Namespace.Run("nft", "add rule inet test in icmp type echo-request reject with icmp admin-prohibited");
        host.Namespace.Run("nft", "add rule inet test in icmpv6 type echo-request drop");
        var task = Inquiry.TaskFor(new IcmpProbe(), host.Address);
        Assert.Equal(Unhealthy("administratively prohibited"), await Inquiry.Verdict(task, prober.Namespace));
        task = task with { Address = host.Address6, Timeout = TimeSpan.FromMilliseconds(300) };
        Assert.Equal(Unhealthy("timed out waiting for a reply"), await Inquiry.Verdict(task, prober.Namespace));
    }
}

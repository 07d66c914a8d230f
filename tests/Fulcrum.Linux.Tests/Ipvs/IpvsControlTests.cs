using System.Net;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Sockets;
using Fulcrum.Linux.Tests.Netlink;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Ipvs;

/// <summary>With a kernel that has IPVS, and <c>ipvsadm</c> as the witness.</summary>
[InGuest]
public sealed class IpvsControlTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Services_and_destinations_are_made_changed_and_deleted()
    {
        using var ipvs = await OpenOrSkip();
        var web = new IpvsService
        {
            Key = IpvsServiceKey.Of(6, IPAddress.Parse("192.0.2.1"), 80),
            Scheduler = "wrr",
            Flags = IpvsServiceFlags.Persistent,
            Timeout = TimeSpan.FromMinutes(5),
            PersistencePrefix = 24,
        };
        var names = new IpvsService
        {
            Key = IpvsServiceKey.Of(17, IPAddress.Parse("2001:db8::1"), 53),
            Scheduler = "sh",
            Flags = IpvsServiceFlags.OnePacket | IpvsServiceFlags.Port,
            PersistencePrefix = 128,
        };
        var marked = new IpvsService
        {
            Key = IpvsServiceKey.Of(SocketFamily.IPv4, 7),
            Scheduler = "mh",
            PersistencePrefix = 32,
        };
        IpvsDestination[] destinations =
        [
            Destination("192.0.2.11", IpvsForwarding.DirectRoute) with
            {
                Weight = 3,
                UpperThreshold = 9,
            },
            Destination("192.0.2.12", IpvsForwarding.Masquerade),
            Destination("192.0.2.13", IpvsForwarding.Tunnel) with
            {
                Tunnel = IpvsTunnel.Gue,
                TunnelPort = 6080,
                TunnelFlags = IpvsTunnelFlags.Checksum,
            },
        ];
        using (var changes = ipvs.NewChanges())
        {
            changes.Add(web);
            changes.Add(names);
            changes.Add(marked);
            foreach (var destination in destinations)
            {
                changes.Add(web.Key, destination);
            }

            changes.Add(web);
            changes.Delete(web.Key, Destination("192.0.2.99", IpvsForwarding.Masquerade));
            changes.Delete(IpvsServiceKey.Of(SocketFamily.IPv4, 99));
            var outcome = await ipvs.ApplyAsync(changes);
            Assert.Equal(
                [null, null, null, null, null, null, Errno.Exists, Errno.NotFound, Errno.NoProcess],
                outcome.Select(error => error?.Error)
            );
        }

        Assert.Equal([marked, names, web], (await ipvs.ListServicesAsync()).OrderBy(one => one.Scheduler));
        Assert.Equal(destinations, (await ipvs.ListDestinationsAsync(web.Key)).OrderBy(one => one.Address.ToString()));
        Assert.Empty(await ipvs.ListDestinationsAsync(IpvsServiceKey.Of(SocketFamily.IPv4, 99)));
        var seen = _lab.Run("ipvsadm", "-S", "-n").Split('\n').Select(line => line.Trim()).ToArray();
        Assert.Contains("-A -t 192.0.2.1:80 -s wrr -p 300 -M 255.255.255.0", seen);
        Assert.Contains("-A -u [2001:db8::1]:53 -s sh -o -b sh-port", seen);
        Assert.Contains("-a -t 192.0.2.1:80 -r 192.0.2.11:80 -g -w 3", seen);
        Assert.Contains("-a -t 192.0.2.1:80 -r 192.0.2.12:80 -m -w 1", seen);
        Assert.Contains("-A -f 7 -s mh", seen);

        using (var changes = ipvs.NewChanges())
        {
            changes.Change(web with { Scheduler = "lc", Flags = IpvsServiceFlags.None, Timeout = TimeSpan.Zero });
            changes.Change(web.Key, destinations[0] with { Weight = 0 });
            changes.Delete(web.Key, destinations[1]);
            changes.Delete(names.Key);
            Assert.All(await ipvs.ApplyAsync(changes), Assert.Null);
        }

        Assert.Equal(2, (await ipvs.ListServicesAsync()).Count);
        Assert.Equal(
            [0u, 1u],
            (await ipvs.ListDestinationsAsync(web.Key)).Select(destination => destination.Weight).Order()
        );
        await ipvs.ZeroAsync();
        await ipvs.ZeroAsync(web.Key);
        await ipvs.FlushAsync();
        Assert.Empty(await ipvs.ListServicesAsync());
    }

    [Fact]
    public async Task Timeouts_are_set_and_read()
    {
        using var ipvs = await OpenOrSkip();
        var timeouts = new IpvsTimeouts(
            TimeSpan.FromSeconds(901),
            TimeSpan.FromSeconds(121),
            TimeSpan.FromSeconds(301)
        );
        await ipvs.SetTimeoutsAsync(timeouts);
        Assert.Equal(timeouts, await ipvs.GetTimeoutsAsync());
        await ipvs.SetTimeoutsAsync(new IpvsTimeouts { Udp = TimeSpan.FromSeconds(30) });
        Assert.Equal(timeouts with { Udp = TimeSpan.FromSeconds(30) }, await ipvs.GetTimeoutsAsync());
        var information = await ipvs.GetInformationAsync();
        Assert.Equal(new Version(1, 2, 1), information.Version);
        Assert.NotEqual(0u, information.ConnectionTableSize);
    }

    [Fact]
    public async Task Daemons_start_and_stop_at_once()
    {
        using var ipvs = await OpenOrSkip();
        var daemon = new IpvsDaemon
        {
            Role = IpvsDaemonRole.Master,
            Interface = "left",
            SyncId = 9,
        };
        for (var round = 0; round < 3; round++)
        {
            await ipvs.StartAsync(daemon);
            var running = Assert.Single(await ipvs.ListDaemonsAsync());
            Assert.Equal(
                (daemon.Role, daemon.Interface, daemon.SyncId),
                (running.Role, running.Interface, running.SyncId)
            );
            Assert.Equal((8848, 1), (running.Port, running.TimeToLive));
            var exception = await Assert.ThrowsAsync<NetlinkException>(() => ipvs.StartAsync(daemon));
            Assert.Equal(Errno.Exists, exception.Error);
            await ipvs.StopAsync(IpvsDaemonRole.Master);
            Assert.Empty(await ipvs.ListDaemonsAsync());
        }
    }

    [Fact]
    public async Task A_thousand_services_of_twenty_destinations_are_made_at_once()
    {
        using var ipvs = await OpenOrSkip();
        using var changes = ipvs.NewChanges();
        for (var i = 0; i < 1000; i++)
        {
            var key = IpvsServiceKey.Of(6, new IPAddress([10, 1, (byte)(i / 250), (byte)(i % 250)]), 80);
            changes.Add(
                new IpvsService
                {
                    Key = key,
                    Scheduler = "rr",
                    PersistencePrefix = 32,
                }
            );
            for (var server = 0; server < 20; server++)
            {
                changes.Add(key, Destination($"10.2.0.{server + 1}", IpvsForwarding.DirectRoute));
            }
        }

        var start = TimeProvider.System.GetTimestamp();
        var outcome = await ipvs.ApplyAsync(changes);
        var took = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine($"{changes.Count} changes in {took.TotalMilliseconds:0} ms");
        Assert.All(outcome, Assert.Null);
        Assert.Equal(1000, (await ipvs.ListServicesAsync()).Count);
    }

    private static IpvsDestination Destination(string address, IpvsForwarding forwarding) =>
        new()
        {
            Address = IPAddress.Parse(address),
            Port = 80,
            Forwarding = forwarding,
            Weight = 1,
        };

    private async Task<IpvsControl> OpenOrSkip()
    {
        var ipvs = await IpvsControl.OpenAsync(_lab.Open, TimeProvider.System);
        Require.Kernel("IPVS (ip_vs)", () => ipvs is not null);
        return ipvs!;
    }
}

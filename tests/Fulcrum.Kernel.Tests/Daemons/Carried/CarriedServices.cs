using System.Net;
using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>
/// One daemon with one file whose services are each another kind of traffic: to start one is most of what such a test
/// costs. Tests ask services of their own and change nothing that others see.
/// </summary>
public sealed class CarriedServices : IAsyncDisposable
{
    private static readonly ushort[] Ports = [1, 85, 5000, 5999, 6000, 6500, 7000, 7001, 8000, 8001, 8080, 65535];

    private readonly Lazy<Task<CarriedServices>> _started;
    private Lab? _lab;
    private Daemon? _daemon;

    public CarriedServices() => _started = new(StartAsync);

    internal Lab Lab => _lab!;

    internal Daemon Daemon => _daemon!;

    internal RealServer[] Behind { get; private set; } = [];

    internal RealServer[] Beside { get; private set; } = [];

    internal static string[] BehindNames { get; } = ["behind1", "behind2"];

    internal static string[] BesideNames { get; } = ["beside1", "beside2"];

    /// <summary>Starts it for whoever comes first. Skips the test on anything but a guest.</summary>
    internal Task<CarriedServices> Started()
    {
        Guest.Need();
        return _started.Value;
    }

    /// <summary>What backends see in a client's place.</summary>
    internal static IPAddress[] Sources(bool isSix) =>
        isSix
            ? [IPAddress.Parse("fd00:0:0:2::200"), IPAddress.Parse("fd00:0:0:2::201")]
            : [IPAddress.Parse("10.0.2.200"), IPAddress.Parse("10.0.2.201")];

    /// <summary>Addresses of the client: two of each of two networks.</summary>
    internal static IPAddress Source(bool isSix, int network, int host) =>
        IPAddress.Parse(isSix ? $"fd00:9:0:{network}::{host}" : $"10.9.{network}.{host}");

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    private async Task<CarriedServices> StartAsync()
    {
        _lab = new Lab();
        Behind = [.. BehindNames.Select(_lab.AddServerBehind)];
        Beside = [.. BesideNames.Select(_lab.AddServerBeside)];
        foreach (var server in (RealServer[])[.. Behind, .. Beside])
        {
            server.ServeHttp(Ports);
            server.ServeUdp(53, 8002, 20000);
            server.ServeSctp(3868, 3869, 4000);
        }

        PrepareClient();
        PrepareDirector();
        _daemon = await Daemon.Start(_lab.Director.Namespace, CarriedFile.Of(Behind, Beside, Sources));
        await Wait.Until(HasAll, "all vips to stand, and marks on an interface that came late");
        return this;
    }

    private void PrepareClient()
    {
        var commands = new List<string>
        {
            "link add link eth0 name eth0.100 type vlan id 100",
            "link set eth0.100 up",
            "address add 10.100.0.1/24 dev eth0.100",
            "address add fd00:100::1/64 dev eth0.100 nodad",
            $"route add 198.51.100.0/24 via {_lab!.Director.Address}",
            $"route add 2001:db8:1::/64 via {_lab.Director.Address6}",
        };
        foreach (var (network, host) in ((int, int)[])[(1, 1), (1, 2), (2, 1), (2, 2)])
        {
            commands.Add($"address add {Source(false, network, host)}/32 dev lo");
            commands.Add($"address add {Source(true, network, host)}/128 dev lo");
        }

        _lab.Client.Home.IpBatch([.. commands]);
    }

    private void PrepareDirector()
    {
        var home = _lab!.Director.Namespace;
        home.Ip("route", "add", "10.9.0.0/16", "via", "10.0.1.1");
        home.Ip("route", "add", "fd00:9::/32", "via", "fd00:0:0:1::1");
        foreach (var (isSix, length) in ((bool, int)[])[(false, 24), (true, 64)])
        {
            foreach (var source in Sources(isSix))
            {
                home.Ip("address", "add", $"{source}/{length}", "dev", "eth1");
            }
        }

        // What an operator marks by whatever means.
        foreach (var (tool, isSix) in ((string, bool)[])[("iptables-legacy", false), ("ip6tables-legacy", true)])
        {
            home.Run(
                tool,
                [
                    .. $"-t mangle -A PREROUTING -d {VipsOf.Marked(isSix)} -p tcp --dport 7000:7999 -j MARK --set-mark 77".Split(
                        ' '
                    ),
                ]
            );
        }
    }

    private bool HasAll()
    {
        var home = _lab!.Director.Namespace;
        var addresses = home.Ip("-o", "address", "show");
        return VipsOf.All.All(vip => addresses.Contains($" {vip}/", StringComparison.Ordinal))
            && home.Run("tc", "filter", "show", "dev", "eth0.100", "ingress")
                .Contains("mark", StringComparison.Ordinal);
    }
}

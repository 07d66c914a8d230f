using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Xdp;

/// <summary>To a client a vip is an address like others: it answers echoes, tells of packets that are too big, and is traced.</summary>
public sealed class BehavingTests : IAsyncDisposable
{
    private const int Narrow = 1400;
    private const int FirstProbe = 33_434;

    private readonly XdpLab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData("xdp", false)]
    [InlineData("tc", false)]
    [InlineData("xdp", true)]
    [InlineData("tc", true)]
    public async Task A_vip_answers_echoes_and_is_traced_through_the_director(string plane, bool isSix)
    {
        var server = _lab.AddServerBeside("s1");
        var vip = XdpLab.VipOf(isSix);
        await using var daemon = await StartAsync(
            plane,
            isSix,
            $"udp://{Written(vip)}:{FirstProbe}-{FirstProbe + 100}",
            "forward: dsr",
            server
        );
        Assert.Contains(
            "2 packets received",
            Busybox(_lab.Client, "ping", "-c", "2", "-W", "5", $"{vip}"),
            StringComparison.Ordinal
        );

        var hops = Busybox(
                _lab.Client,
                isSix ? "traceroute6" : "traceroute",
                "-n",
                "-q",
                "1",
                "-w",
                "5",
                "-m",
                "4",
                $"{vip}"
            )
            .Split('\n')
            .Where(line => line.TrimStart() is [>= '1' and <= '9', ' ', ..])
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
            .ToArray();
        // The director is a hop, and then the service itself, by whoever serves it.
        Assert.Equal(2, hops.Length);
        Assert.Equal($"{vip}", hops[1]);
    }

    [Theory]
    [InlineData("xdp", false)]
    [InlineData("tc", false)]
    [InlineData("xdp", true)]
    [InlineData("tc", true)]
    public async Task A_client_learns_what_fits_through_on_the_way_to_backends(string plane, bool isSix)
    {
        var server = _lab.AddServerBeside("s1");
        var vip = XdpLab.VipOf(isSix);
        await server.ServeAsync(81, vip);
        _lab.Director.Namespace.Ip("link", "set", "eth1", "mtu", $"{Narrow}");
        await using var daemon = await StartAsync(plane, isSix, $"tcp://{Written(vip)}:81", "forward: dsr", server);
        using var folder = new TemporaryDirectory();
        var body = folder.Write("body", new string('x', 500_000));
        var answer = _lab.Client.Namespace.Run(
            "curl",
            "-s",
            "-S",
            "--max-time",
            "20",
            "-H",
            "Expect:",
            "--data-binary",
            $"@{body}",
            $"http://{Written(vip)}:81/"
        );
        Assert.Equal("s1", answer);
        Assert.Contains($"mtu {Narrow}", _lab.Client.Namespace.Ip("route", "get", $"{vip}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xdp", "dsr", false)]
    [InlineData("tc", "dsr", false)]
    [InlineData("xdp", "dsr", true)]
    [InlineData("tc", "dsr", true)]
    public async Task A_backend_learns_what_fits_through_on_the_way_to_the_client(
        string plane,
        string forward,
        bool isSix
    )
    {
        var server = _lab.AddServerBeside("s1");
        var vip = XdpLab.VipOf(isSix);
        var far = _lab.AddFarClient(Narrow);
        await using var nginx = await NginxPeer.Start(
            server.Host.Namespace,
            new(vip, 81),
            $$"""
            server {
              listen {{new IPEndPoint(vip, 81)}};
              root {{Folder.FullName}};
            }
            """
        );
        Folder.Write("file", new string('x', 500_000));
        await using var daemon = await StartAsync(
            plane,
            isSix,
            $"tcp://{Written(vip)}:81",
            $"forward: {forward}",
            server
        );
        var size = far.Namespace.Run(
            "curl",
            "-s",
            "-S",
            "--max-time",
            "20",
            "-o",
            "/dev/null",
            "-w",
            "%{size_download}",
            $"http://{Written(vip)}:81/file"
        );
        Assert.Equal("500000", size);
        var client = isSix ? far.Address6 : far.Address;
        Assert.Contains(
            $"mtu {Narrow}",
            server.Host.Namespace.Ip("route", "get", $"{client}"),
            StringComparison.Ordinal
        );
    }

    private TemporaryDirectory Folder { get; } = new();

    private static string Written(IPAddress address) => new IPEndPoint(address, 0).ToString()[..^2];

    private static string Busybox(Host host, params string[] arguments) => host.Namespace.Run("busybox", arguments);

    private async Task<Daemon> StartAsync(string plane, bool isSix, string listen, string words, XdpServer server)
    {
        _ = Require.Tool("busybox");
        return await _lab.StartAsync(
            XdpLab.Configuration(
                $"  web: {{ listen: '{listen}', plane: {plane}, {words}, backends: ['{server.Address(isSix)}'] }}"
            )
        );
    }
}

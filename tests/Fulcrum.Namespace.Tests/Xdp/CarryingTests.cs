using System.Net;

namespace Fulcrum.Namespace.Tests.Xdp;

/// <summary>Every way of forwarding carries TCP and UDP, of both families, over real cards.</summary>
public sealed class CarryingTests : IAsyncDisposable
{
    private readonly XdpLab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData("xdp")]
    [InlineData("tc")]
    public async Task By_hardware_address_and_by_address_and_port(string plane)
    {
        var behind = _lab.AddServerBehind("behind");
        var beside = _lab.AddServerBeside("beside");
        await behind.ServeAsync(8080, behind.Host.Address, behind.Host.Address6);
        await beside.ServeAsync(81, XdpLab.Vip, XdpLab.Vip6, beside.Host.Address, beside.Host.Address6);
        var services = "";
        foreach (var isSix in new[] { false, true })
        {
            foreach (var protocol in new[] { "tcp", "udp" })
            {
                var own = isSix ? _lab.Director.Links[1].Address6 : _lab.Director.Links[1].Address;
                services += Service("nat", 80, "forward: nat", behind.Address(isSix), 8080);
                services += Service("dsr", 81, "forward: dsr", beside.Address(isSix), 81);
                services += Service(
                    "full",
                    82,
                    $"forward: nat, connect: {{ source: '{own}' }}",
                    beside.Address(isSix),
                    81
                );

                string Service(string name, int port, string words, IPAddress backend, int backendPort) =>
                    $"  {name}-{protocol}{(isSix ? 6 : 4)}: {{ listen: '{protocol}://{new IPEndPoint(XdpLab.VipOf(isSix), port)}', "
                    + $"plane: {plane}, {words}, backends: ['{new IPEndPoint(backend, backendPort)}'] }}\n";
            }
        }

        await using var daemon = await _lab.StartAsync(XdpLab.Configuration(services));
        foreach (var isSix in new[] { false, true })
        {
            var vip = XdpLab.VipOf(isSix);
            Assert.Equal("behind", await _lab.AskUdpAsync(vip, 80));
            Assert.Equal("behind", _lab.Curl(vip, 80));
            Assert.Equal("beside", await _lab.AskUdpAsync(vip, 81));
            Assert.Equal("beside", _lab.Curl(vip, 81));
            Assert.Equal("beside", await _lab.AskUdpAsync(vip, 82));
            Assert.Equal("beside", _lab.Curl(vip, 82));
        }
    }

    [Theory]
    [InlineData("xdp", "ipip")]
    [InlineData("xdp", "gue")]
    [InlineData("tc", "ipip")]
    [InlineData("tc", "gue")]
    public async Task Inside_other_packets_of_either_family(string plane, string kind)
    {
        var server = _lab.AddServerBeside("server");
        await server.ServeAsync(81, XdpLab.Vip, XdpLab.Vip6);
        await using var unwraps = await Decapsulating.DecapProcess.StartAsync(
            server.Host.Namespace,
            "--interface",
            "eth0",
            "--vip",
            $"{XdpLab.Vip}",
            "--vip",
            $"{XdpLab.Vip6}"
        );
        // The vip stays, and the backend is of one family and then of the other.
        await using var daemon = await _lab.StartAsync(Text(isSix: false));
        foreach (var isSix in new[] { false, true })
        {
            if (isSix)
            {
                await File.WriteAllTextAsync(daemon.File, Text(isSix));
                daemon.Signal(1);
                await daemon.WaitForLog("generation 2");
            }

            foreach (var vip in new[] { XdpLab.Vip, XdpLab.Vip6 })
            {
                Assert.Equal("server", await _lab.AskUdpAsync(vip, 81));
                Assert.Equal("server", _lab.Curl(vip, 81));
            }
        }

        string Text(bool isSix) =>
            XdpLab.Configuration(
                $$"""
                  four: { listen: ['tcp://{{XdpLab.Vip}}:81', 'udp://{{XdpLab.Vip}}:81'], {{Words(isSix)}} }
                  six: { listen: ['tcp://[{{XdpLab.Vip6}}]:81', 'udp://[{{XdpLab.Vip6}}]:81'], {{Words(isSix)}} }
                """
            );

        string Words(bool isSix) =>
            $"plane: {plane}, forward: tunnel, connect: {{ tunnel: {kind} }}, backends: ['{server.Address(isSix)}']";
    }
}

using Fulcrum.Kernel.Tests.Kit;

namespace Fulcrum.Kernel.Tests;

/// <summary>
/// The network of these tests carries what an operator's ipvsadm asks for. What fails here is wrong with the network or
/// the kernel, and not with Fulcrum.
/// </summary>
public sealed class LabTests : IAsyncDisposable
{
    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_forwarding_carries_streams(bool isSix)
    {
        Lab.RaiseAddresses(_lab.Director);
        var behind = _lab.AddServerBehind("behind");
        var beside = _lab.AddServerBeside("beside");
        behind.ServeHttp(8080);
        beside.ServeHttp(81, 82, 83, 84);
        (ushort Port, RealServer Server, string ServerPort, string[] Forward)[] services =
        [
            (80, behind, ":8080", ["-m"]),
            (81, beside, ":81", ["-g"]),
            (82, beside, ":82", ["-i"]),
            (83, beside, ":83", ["-i", "--tun-type", "gue", "--tun-port", $"{Taking.GuePort}"]),
            (84, beside, ":84", ["-i", "--tun-type", "gre"]),
        ];
        foreach (var (port, server, serverPort, forward) in services)
        {
            var service = Text(Lab.VipOf(isSix)) + $":{port}";
            _lab.Witness.Change("-A", "-t", service, "-s", "rr");
            _lab.Witness.Change(["-a", "-t", service, "-r", Text(server.Address(isSix)) + serverPort, .. forward]);
        }

        foreach (var (port, server, _, _) in services)
        {
            Assert.Equal(server.Name, await _lab.Client.AskHttp(Lab.VipOf(isSix), port));
        }

        Assert.Equal("beside", _lab.Client.Curl(Lab.VipOf(isSix), 84));
        Assert.Equal(services.Length * 2, _lab.Witness.Saved().Length);
        Assert.Equal(services.Length + 1, _lab.Witness.Connections().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Datagrams_and_SCTP_are_carried(bool isSix)
    {
        Lab.RaiseAddresses(_lab.Director);
        var behind = _lab.AddServerBehind("behind");
        behind.ServeUdp(53);
        behind.ServeSctp(3868);
        foreach (var (protocol, port) in ((string, int)[])[("-u", 53), ("--sctp-service", 3868)])
        {
            var service = $"{Text(Lab.VipOf(isSix))}:{port}";
            _lab.Witness.Change("-A", protocol, service, "-s", "rr");
            _lab.Witness.Change("-a", protocol, service, "-r", $"{Text(behind.Address(isSix))}:{port}", "-m");
        }

        Assert.Equal("behind", await _lab.Client.AskUdp(Lab.VipOf(isSix), 53));
        Assert.Equal("behind", await _lab.Client.AskSctp(Lab.VipOf(isSix), 3868));
        Assert.Equal(["SCTP", "UDP"], _lab.Witness.Connections().Select(seen => seen.Protocol).Order());
    }

    private static string Text(System.Net.IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
}

using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>The daemon, started from a file: the kernel has what the file says, and carries it.</summary>
public sealed class CarryingTests : IAsyncDisposable
{
    private const string Foreign = "-A -t 192.0.2.99:99 -s wlc";
    private const string ForeignServer = "-a -t 192.0.2.99:99 -r 10.0.2.99:99 -m -w 7";

    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Every_forwarding_carries_HTTP_in_both_families_and_what_others_made_stays()
    {
        Lab.RaiseAddresses(_lab.Director);
        RealServer[] behind = [_lab.AddServerBehind("behind1"), _lab.AddServerBehind("behind2")];
        RealServer[] beside = [_lab.AddServerBeside("beside1"), _lab.AddServerBeside("beside2")];
        foreach (var server in behind)
        {
            server.ServeHttp(8080);
        }

        foreach (var server in beside)
        {
            server.ServeHttp(81, 82, 83, 84);
        }

        _lab.Witness.Restore([Foreign, ForeignServer]);
        var file = new ServiceFile();
        (ushort Port, RealServer[] Servers)[] services =
        [
            (80, behind),
            (81, beside),
            (82, beside),
            (83, beside),
            (84, beside),
        ];
        foreach (var isSix in (bool[])[false, true])
        {
            file.Add("nat", isSix, 80, "forward: nat", 8080, behind, "-m -w 1");
            file.Add("dsr", isSix, 81, "forward: dsr", 81, beside, "-g -w 1");
            file.Add("ipip", isSix, 82, "forward: tunnel", 82, beside, "-i -w 1 --tun-type ipip");
            file.Add(
                "gue",
                isSix,
                83,
                "forward: tunnel\n    connect: { tunnel: gue }",
                83,
                beside,
                "-i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum"
            );
            file.Add(
                "gre",
                isSix,
                84,
                "forward: tunnel\n    connect: { tunnel: gre }",
                84,
                beside,
                "-i -w 1 --tun-type gre --tun-nocsum"
            );
        }

        await using var daemon = await Daemon.Start(_lab.Director.Namespace, file.ToString());
        string[] expected = [Foreign, ForeignServer, .. file.Expected];
        await _lab.Witness.Sees(expected);
        foreach (var isSix in (bool[])[false, true])
        {
            foreach (var (port, servers) in services)
            {
                Assert.Equal(
                    servers.Select(server => server.Name),
                    await _lab.Client.AskHttp(Lab.VipOf(isSix), port, times: 4)
                );
            }

            Assert.Contains(_lab.Client.Curl(Lab.VipOf(isSix), 83), (string[])["beside1", "beside2"]);
        }

        Assert.Equal(0, await daemon.Stop());
        Assert.Superset(new HashSet<string>([Foreign, ForeignServer]), new HashSet<string>(_lab.Witness.Saved()));
    }
}

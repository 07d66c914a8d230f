using System.Globalization;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>What <see cref="NobodysBpfTests"/> lets another user do.</summary>
public sealed class NobodysPart
{
    [Fact(Explicit = true)]
    public async Task As_nobody()
    {
        var status = await File.ReadAllLinesAsync("/proc/self/status");
        Assert.Contains(
            status,
            line =>
                line.StartsWith($"Uid:\t{NobodysBpfTests.Nobody}\t{NobodysBpfTests.Nobody}\t", StringComparison.Ordinal)
        );
        Assert.Contains($"CapEff:\t{NobodysBpfTests.RightsMask:x16}", status);
        var folder = Environment.GetEnvironmentVariable(NobodysBpfTests.FolderVariable)!;
        var link = int.Parse(
            Environment.GetEnvironmentVariable(NobodysBpfTests.LinkVariable)!,
            CultureInfo.InvariantCulture
        );
        using var loader = new BpfLoader(
            BpfObject.Parse(await File.ReadAllBytesAsync(Path.Join(folder, "sample.bpf.o")))
        );
        using var choosing = loader.Load("choosing");
        using var passing = loader.Load("passing");
        using var driver = BpfLink.AttachXdp(choosing, link, XdpMode.Driver);
        using var behind = BpfLink.AttachTcx(passing, link, isEgress: false);
        using (var net = new Rtnetlink(NetlinkSocket.Open, TimeProvider.System))
        {
            await using var filter = await BpfFilter.AttachAsync(net, passing, link, TrafficDirection.Egress, 1);
        }

        driver.Pin(Path.Join(NobodysBpfTests.Pins(folder), "driver"));
        behind.Pin(Path.Join(NobodysBpfTests.Pins(folder), "behind"));
        loader.Map("seen").Pin(Path.Join(NobodysBpfTests.Pins(folder), "seen"));
        using var again = BpfLink.Open(Path.Join(NobodysBpfTests.Pins(folder), "driver"));
        Assert.NotNull(again);
    }
}

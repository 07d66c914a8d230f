using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Traffic;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>A program as a filter of clsact, where there is no tcx.</summary>
public sealed class BpfFilterTests : IDisposable
{
    private const ushort Priority = 7;

    private readonly Topology _topology = new();
    private readonly Host _sender;
    private readonly Host _receiver;
    private readonly Rtnetlink _net;

    public BpfFilterTests()
    {
        (_sender, _receiver) = (_topology.AddHost("sender"), _topology.AddHost("receiver"));
        _net = new(Open, TimeProvider.System);
    }

    public void Dispose()
    {
        _net.Dispose();
        _topology.Dispose();
    }

    [Fact]
    public async Task It_sees_packets_and_goes_with_its_place()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var program = loader.Load("passing");
        var link = await IndexAsync();
        await using (await AttachAsync(program, link))
        {
            await HearAsync();
            Assert.True(Samples.Seen(loader, 't') > 0);
            var filter = Assert.Single(await ListAsync(link), one => one.Program is not null);
            Assert.Equal(
                (TrafficFilter.Bpf, Priority, TrafficFilter.All, "passing", program.Id),
                (filter.Kind, filter.Priority, filter.Protocol, filter.Program!.Name, filter.Program.Id)
            );
            Assert.Contains("direct-action", Tc("filter", "show", "dev", "eth0", "ingress"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("clsact", Tc("qdisc", "show", "dev", "eth0"), StringComparison.Ordinal);
        var before = Samples.Seen(loader, 't');
        await HearAsync();
        Assert.Equal(before, Samples.Seen(loader, 't'));
    }

    [Fact]
    public async Task It_takes_the_place_of_a_former_run_and_leaves_what_others_have_there()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var former = loader.Load("passing");
        using var program = loader.Load("passing");
        var link = await IndexAsync();
        Tc("qdisc", "add", "dev", "eth0", "clsact");
        await using var others = await AttachAsync(former, link, priority: 9);
        // A process that is killed takes nothing away.
        _ = await AttachAsync(former, link);
        await using (await AttachAsync(program, link))
        {
            Assert.Equal([(Priority, program.Id), (9, former.Id)], await ProgramsAsync(link));
        }

        Assert.Equal([((ushort)9, former.Id)], await ProgramsAsync(link));
        Assert.Contains("clsact", Tc("qdisc", "show", "dev", "eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_process_finds_it_and_puts_another_program_in_its_place()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var former = loader.Load("passing");
        using var program = loader.Load("passing");
        var link = await IndexAsync();
        Assert.Null(await FindAsync(link));
        _ = await AttachAsync(former, link);
        Assert.Null(await FindAsync(link, priority: 8));
        await using (var found = await FindAsync(link))
        {
            await found!.ReplaceAsync(program);
            Assert.Equal([(Priority, program.Id)], await ProgramsAsync(link));
        }

        Assert.Empty(await ProgramsAsync(link));
    }

    [Fact]
    public async Task An_interface_that_went_took_it_along()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var program = loader.Load("passing");
        var filter = await AttachAsync(program, await IndexAsync());
        _receiver.Namespace.Ip("link", "delete", "eth0");
        await filter.DisposeAsync();
    }

    private Task<BpfFilter> AttachAsync(BpfProgram program, int link, ushort priority = Priority) =>
        BpfFilter.AttachAsync(_net, program, link, TrafficDirection.Ingress, priority);

    private Task<BpfFilter?> FindAsync(int link, ushort priority = Priority) =>
        BpfFilter.FindAsync(_net, link, TrafficDirection.Ingress, priority);

    private async Task<IEnumerable<(ushort Priority, uint Program)>> ProgramsAsync(int link) =>
        from filter in await ListAsync(link)
        let program = filter.Program
        where program is not null
        select (filter.Priority, program.Id);

    private Task<IReadOnlyList<TrafficFilter>> ListAsync(int link) =>
        _net.Filters.ListAsync(link, TrafficDirection.Ingress);

    private async Task<int> IndexAsync() => (await _net.Links.FindAsync("eth0"))!.Index;

    private string Tc(params string[] arguments) => _receiver.Namespace.Run(Require.Tool("tc"), arguments);

    private NetlinkSocket Open(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups)
    {
        var joined = groups.ToArray();
        return _receiver.Namespace.Run(() => NetlinkSocket.Open(protocol, joined));
    }

    private async Task HearAsync()
    {
        using var target = _receiver.Namespace.OpenSocket(
            AddressFamily.InterNetwork,
            SocketType.Dgram,
            ProtocolType.Udp
        );
        target.Bind(new IPEndPoint(_receiver.Address, 0));
        using var socket = _sender.Namespace.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo("hello"u8, target.LocalEndPoint!);
        Assert.Equal(5, await Wait.For(target.ReceiveAsync(new byte[100].AsMemory()).AsTask(), "a datagram"));
    }
}

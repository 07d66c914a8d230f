using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Linux.Tests.Bpf;

/// <summary>Programs at interfaces of a namespace, and what stays of them without a process.</summary>
public sealed class BpfLinkTests : IDisposable
{
    private const uint Drop = 1;

    private readonly TemporaryDirectory _pins = new();
    private readonly Topology _topology = new();
    private readonly Host _sender;
    private readonly Host _receiver;

    public BpfLinkTests()
    {
        (_sender, _receiver) = (_topology.AddHost("sender"), _topology.AddHost("receiver"));
        BpfFileSystem.Mount(_pins.FullName);
    }

    public void Dispose()
    {
        _topology.Dispose();
        Tool.Run("umount", "-l", _pins.FullName);
        _pins.Dispose();
    }

    [Fact]
    public async Task A_program_is_replaced_in_one_step_and_goes_with_its_link()
    {
        var (passing, dropping) = (Samples.Sample(), Samples.Sample());
        dropping.Constants.Set("verdict", Drop);
        using var loader = new BpfLoader(passing);
        using var other = new BpfLoader(dropping);
        using var pass = loader.Load("choosing");
        using var drop = other.Load("choosing");
        using var target = Open(_receiver, AddressFamily.InterNetwork);
        using (var link = _receiver.Namespace.Run(() => BpfLink.AttachXdp(pass, Index(), XdpMode.Driver)))
        {
            Assert.Equal("hello", await Hear(target));
            Assert.True(Samples.Seen(loader, 'x') > 0);
            link.Replace(drop);
            Say(target);
            await Wait.Until(() => Samples.Seen(other, 'x') > 0, "the other program to see a packet");
            Assert.Equal(0, target.Available);
            var busy = Assert.Throws<LinuxException>(() =>
                _receiver.Namespace.Run(() => BpfLink.AttachXdp(pass, Index(), XdpMode.Driver))
            );
            Assert.Equal(Errno.Busy, busy.Error);
        }

        Assert.Equal("hello", await Hear(target));
    }

    [Fact]
    public async Task What_is_pinned_outlives_whoever_made_it()
    {
        Assert.True(BpfFileSystem.IsAt(_pins.FullName));
        Assert.False(BpfFileSystem.IsAt("/"));
        using var target = Open(_receiver, AddressFamily.InterNetwork);
        using (var loader = new BpfLoader(Samples.Sample()))
        using (var program = loader.Load("choosing"))
        using (var link = _receiver.Namespace.Run(() => BpfLink.AttachXdp(program, Index(), XdpMode.Driver)))
        {
            link.Pin(_pins.PathOf("link"));
            loader.Map("seen").Pin(_pins.PathOf("seen"));
        }

        Assert.Equal("hello", await Hear(target));
        using var seen = BpfMap.Open(_pins.PathOf("seen"));
        Assert.Equal("seen (Hash, key 8, value 16, 16 entries, None)", seen!.Spec.ToString());
        Assert.Null(BpfMap.Open(_pins.PathOf("unseen")));
        Assert.Null(BpfLink.Open(_pins.PathOf("unlinked")));

        // Another run goes on with both.
        using var next = new BpfLoader(Samples.Sample());
        next.Use("seen", seen);
        using var again = next.Load("choosing");
        var before = Samples.Seen(next, 'x');
        Assert.True(before > 0);
        using var adopted = BpfLink.Open(_pins.PathOf("link"))!;
        adopted.Replace(again);
        Assert.Equal("hello", await Hear(target));
        Assert.True(Samples.Seen(next, 'x') > before);
        adopted.Detach();
        before = Samples.Seen(next, 'x');
        Assert.Equal("hello", await Hear(target));
        Assert.Equal(before, Samples.Seen(next, 'x'));
    }

    [Fact]
    public async Task Behind_the_driver_there_is_traffic_control()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var program = loader.Load("passing");
        using var target = Open(_receiver, AddressFamily.InterNetwork);
        using var link = _receiver.Namespace.Run(() => BpfLink.AttachTcx(program, Index(), isEgress: false));
        Assert.Equal("hello", await Hear(target));
        Assert.True(Samples.Seen(loader, 't') > 0);
    }

    [Fact]
    public void Listeners_are_chosen_for_a_namespace()
    {
        using var loader = new BpfLoader(Samples.Sample());
        using var program = loader.Load("leading");
        using var space = File.OpenHandle($"/run/netns/{_receiver.Namespace.Name}");
        using var link = BpfLink.AttachSocketLookup(program, space);
        using var second = BpfLink.AttachSocketLookup(program, space);
    }

    // /sys shows the namespace that it was mounted in.
    private int Index() =>
        JsonNode.Parse(_receiver.Namespace.Ip("-json", "link", "show", "eth0"))![0]!["ifindex"]!.GetValue<int>();

    private static Socket Open(Host host, AddressFamily family)
    {
        var socket = host.Namespace.OpenSocket(family, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new System.Net.IPEndPoint(host.Address, 0));
        return socket;
    }

    private void Say(Socket target)
    {
        using var socket = Open(_sender, AddressFamily.InterNetwork);
        socket.SendTo("hello"u8, target.LocalEndPoint!);
    }

    private async Task<string> Hear(Socket target)
    {
        Say(target);
        var room = new byte[100];
        var length = await Wait.For(target.ReceiveAsync(room.AsMemory()).AsTask(), "a datagram");
        return Encoding.ASCII.GetString(room, 0, length);
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Vips;
using Fulcrum.Linux.Netlink;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Forwarding.Tests.Vips;

/// <summary>
/// A node with two cables, <c>eth0</c> with networks of its own and <c>eth1</c> with none, to a neighbor that can have
/// addresses, too.
/// </summary>
internal sealed class VipLab : IDisposable
{
    private readonly NetworkNamespace _neighbor = NetworkNamespace.Create("far");
    private readonly TemporaryDirectory _directory = new();
    private readonly List<IDisposable> _made = [];
    private readonly CancellationTokenSource _stop = new();
    private int _writes;

    public VipLab()
    {
        foreach (var space in (NetworkNamespace[])[Node, _neighbor])
        {
            space.Sysctl("net.ipv6.conf.default.accept_dad", "1");
            space.Sysctl("net.ipv6.conf.default.router_solicitations", "0");
        }

        foreach (var name in (string[])["eth0", "eth1"])
        {
            Node.Ip("link", "add", "name", name, "type", "veth", "peer", "name", name, "netns", _neighbor.Name);
            Node.Ip("link", "set", name, "up");
            _neighbor.Ip("link", "set", name, "up");
        }

        foreach (var link in (string[])["eth0", "eth1", "own0"])
        {
            Sysctl($"net/ipv4/conf/{link}/arp_ignore", "0");
            Sysctl($"net/ipv4/conf/{link}/arp_announce", "0");
        }

        Node.Ip("address", "add", "192.0.2.2/24", "dev", "eth0");
        Node.Ip("address", "add", "2001:db8::2/64", "dev", "eth0", "nodad");
    }

    public NetworkNamespace Node { get; } = NetworkNamespace.Create("node");

    public NetworkNamespace Neighbor => _neighbor;

    /// <summary>Changes that the kernel was asked for by netlink.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public static RaisedAddress Vip(string address, VipPlace? on = null, double? lifetime = null, bool isShared = true)
    {
        var parts = address.Split('/');
        var ip = IPAddress.Parse(parts[0]);
        return new(
            parts.Length == 1 ? InterfaceAddress.Single(ip) : new(ip, int.Parse(parts[1])),
            on ?? new OnMatchingInterface(),
            lifetime is { } seconds ? TimeSpan.FromSeconds(seconds) : null
        )
        {
            IsShared = isShared,
        };
    }

    /// <summary>The adapter of a process of its own; it may be told to run.</summary>
    public VipAddresses Start(TimeProvider? time = null, bool runs = true)
    {
        var net = Net(time);
        var addresses = new VipAddresses(
            net,
            new(_directory.PathOf("sys"), _directory.PathOf("kept")),
            time ?? TimeProvider.System
        );
        _made.Add(addresses);
        if (runs)
        {
            Run(addresses);
        }

        return addresses;
    }

    public void Run(VipAddresses addresses) => _ = addresses.RunAsync(_stop.Token);

    public Rtnetlink Net(TimeProvider? time = null)
    {
        var net = new Rtnetlink(Open, time ?? TimeProvider.System);
        _made.Add(net);
        return net;
    }

    /// <summary>What ip(8) says of an address: each place of it, by interface.</summary>
    public IReadOnlyList<(string Interface, JsonNode Address)> Seen(string address) =>
        [
            .. from link in Json("address", "show")
            from one in link!["addr_info"]!.AsArray()
            where (string?)one!["local"] == address
            select ((string)link["ifname"]!, one),
        ];

    public JsonArray Json(params ReadOnlySpan<string> arguments)
    {
        var said = Node.Ip(["-json", "-details", .. arguments]);
        return said.Trim().Length == 0 ? [] : JsonNode.Parse(said)!.AsArray();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _made.ForEach(made => made.Dispose());
        _stop.Dispose();
        Node.Dispose();
        _neighbor.Dispose();
        _directory.Dispose();
    }

    /// <summary>From now on there are no kernel parameters.</summary>
    public void HideSysctls() => Directory.Delete(_directory.PathOf("sys"), recursive: true);

    /// <summary>A kernel parameter: what it is after it was this, if it is given. Not the namespace's own.</summary>
    public string Sysctl(string name, string? value = null)
    {
        var path = Path.Combine(_directory.FullName, "sys", name);
        if (value is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, value);
        }

        return File.ReadAllText(path);
    }

    private CountingSocket Open(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups)
    {
        var joined = groups.ToArray();
        return new CountingSocket(Node.Run(() => NetlinkSocket.Open(protocol, joined)), this);
    }

    /// <summary>Sees what the kernel is asked to change.</summary>
    private sealed class CountingSocket(INetlinkSocket socket, VipLab lab) : INetlinkSocket
    {
        /// <summary>Of each four numbers of messages this one asks: new, gone, asked, set.</summary>
        private const int Asks = 2;

        public void Send(ReadOnlySpan<byte> requests)
        {
            for (var rest = requests; rest.Length > 0; rest = rest[BinaryPrimitives.ReadInt32LittleEndian(rest)..])
            {
                if (BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]) % 4 != Asks)
                {
                    Interlocked.Increment(ref lab._writes);
                }
            }

            socket.Send(requests);
        }

        public ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation) =>
            socket.ReceiveAsync(cancellation);

        public void Dispose() => socket.Dispose();
    }
}

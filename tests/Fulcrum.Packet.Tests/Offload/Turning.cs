using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Fulcrum.Forwarding.Offload;
using Fulcrum.Forwarding.Offload.Tables;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit.Namespaces;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Packet.Tests.Offload;

/// <summary>
/// The program in a namespace with one interface, that has routes to a client and to a backend of each family. It is run on
/// frames that never were on any wire.
/// </summary>
internal sealed class Turning : IDisposable
{
    public const int Next = -1;
    public const int Redirect = 7;
    public const int There = 6;
    public const int Back = 7;
    public const int Mtu = 1300;

    private const int ListenerPort = 53;
    private const int BackendPort = 5353;
    private const int OwnPort = 40_000;
    private const int Room = 4096;

    private static readonly PhysicalAddress Loopback = new(new byte[6]);

    private readonly NetworkNamespace _home;
    private readonly PhysicalAddress _hardware;
    private readonly int _interface;

    public Turning(bool forwards = true)
    {
        _home = NetworkNamespace.Create("offload");
        _home.Sysctl("net.ipv6.conf.default.accept_dad", "0");
        _home.IpBatch(
            "link add d0 type veth peer name d1",
            "link set d1 up",
            $"link set d0 mtu {Mtu} up",
            "address add 10.0.0.254/24 dev d0",
            "address add fd00::fe/64 dev d0 nodad",
            "route add 198.51.100.0/24 via 10.0.0.1",
            "route add 2001:db8:c::/64 via fd00::1"
        );
        foreach (var link in new[] { "d0", "lo" })
        {
            _home.Sysctl($"net.ipv4.conf.{link}.forwarding", forwards ? "1" : "0");
            _home.Sysctl($"net.ipv6.conf.{link}.forwarding", forwards ? "1" : "0");
        }

        var shown = _home.Ip("-o", "link", "show", "d0");
        _interface = int.Parse(shown.Split(':')[0], CultureInfo.InvariantCulture);
        var words = shown.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _hardware = PhysicalAddress.Parse(
            words[Array.IndexOf(words, "link/ether") + 1].Replace(':', '-').ToUpperInvariant()
        );
        Program = new(16);
    }

    public OffloadProgram Program { get; }

    public static IPEndPoint Client(Family family) => family.Client(1000);

    public static IPEndPoint Listener(Family family) => new(family.Vip, ListenerPort);

    public static IPEndPoint Own(Family family) => new(family.Ours, OwnPort);

    public static IPEndPoint Backend(Family family) => new(family.Backend(7), BackendPort);

    public void Dispose()
    {
        Program.Dispose();
        _home.Dispose();
    }

    /// <summary>A session that is carried.</summary>
    public void Carry(Family family, TurnFlags there = TurnFlags.None, TurnFlags back = TurnFlags.None)
    {
        Program.Turns.Set(
            Key(Client(family), Listener(family)),
            new TurnEntry(Key(Own(family), Backend(family)), There, there)
        );
        Program.Turns.Set(
            Key(Backend(family), Own(family)),
            new TurnEntry(Key(Listener(family), Client(family)), Back, back)
        );
    }

    public void Accept() => Program.Accepting.Set((uint)_interface, 1);

    /// <summary>Runs it on a packet that comes in by the interface, or by the loopback interface.</summary>
    public (int Verdict, byte[] Packet) Send(byte[] packet, bool byLoopback = false, int? length = null) =>
        SendFrame(
            Wire.Ethernet(byLoopback ? Loopback : _hardware, Family.RouterHardware, packet)[..^(length ?? 0)],
            byLoopback
        );

    public (int Verdict, byte[] Packet) SendFrame(byte[] frame, bool byLoopback = false) =>
        _home.Run(() =>
        {
            // struct __sk_buff: the interface's index is at 40. What a test may not set must be zero.
            var context = new byte[192];
            BinaryPrimitives.WriteInt32LittleEndian(context.AsSpan(40), byLoopback ? 1 : _interface);
            var result = new byte[Room];
            var run = Program.Program.Test(frame, result, new() { Context = context });
            return ((int)run.Verdict, result[14..run.Length]);
        });

    /// <summary>It goes out, exactly so.</summary>
    public void ExpectSent(byte[] packet, byte[] expected, bool byLoopback = false) =>
        Expect(packet, Redirect, expected, byLoopback);

    /// <summary>It goes on here, exactly so.</summary>
    public void ExpectHere(byte[] packet, byte[] expected, bool byLoopback = false) =>
        Expect(packet, Next, expected, byLoopback);

    /// <summary>It goes on as it came; why, is counted, if it is one of a known path.</summary>
    public void ExpectLeft(byte[] packet, Miss? reason, bool byLoopback = false)
    {
        var before = Enum.GetValues<Miss>().Select(Program.Count).ToList();
        Expect(packet, Next, packet, byLoopback);
        foreach (var miss in Enum.GetValues<Miss>())
        {
            Assert.Equal((miss, before[(int)miss] + (miss == reason ? 1UL : 0)), (miss, Program.Count(miss)));
        }
    }

    private void Expect(byte[] packet, int verdict, byte[] expected, bool byLoopback)
    {
        var (found, after) = Send(packet, byLoopback);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(after));
        Assert.Equal(verdict, found);
    }

    private static PathKey Key(IPEndPoint source, IPEndPoint destination) =>
        PathKey.Of(SocketAddress.From(source), SocketAddress.From(destination));
}

using System.Net;
using System.Net.NetworkInformation;
using Fulcrum.Forwarding.Decapsulation;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Decapsulation;

/// <summary>The program for one hook, run on frames without any interface: what goes in, what comes out, and why.</summary>
internal sealed class DecapLab : IAsyncDisposable
{
    /// <summary>Where a test run lets a packet come in, which has this address: it is no other host's there.</summary>
    public static readonly PhysicalAddress Here = PhysicalAddress.Parse("00-00-00-00-00-00");
    public static readonly IPAddress Backend4 = Family.Four.Backend(1);
    public static readonly IPAddress Backend6 = Family.Six.Backend(1);

    private const uint FirstDropped = 16;
    private const uint FirstTaken = 32;
    private const uint NextProgram = uint.MaxValue;
    private const uint DropOfTc = 2;
    private static readonly DecapsulatorReason[] Reasons = Enum.GetValues<DecapsulatorReason>();

    private readonly Decapsulator _decapsulator;

    public DecapLab(DecapsulatorHook hook, int? guePort = DecapsulatorOptions.UsualGuePort, params string[] balancers)
    {
        Require.Root();
        _decapsulator = new(
            new()
            {
                Vips = [Family.Four.Vip, Family.Six.Vip],
                Balancers = [.. balancers.Select(network => IPNetwork.Parse(network))],
                GuePort = guePort,
            },
            hook
        );
    }

    public static TheoryData<DecapsulatorHook> Hooks => [DecapsulatorHook.Driver, DecapsulatorHook.TrafficControl];

    public ValueTask DisposeAsync() => _decapsulator.DisposeAsync();

    public static byte[] Frame(byte[] packet, params int[] tags) =>
        Wire.Ethernet(Here, Family.RouterHardware, packet, tags);

    /// <summary>A tunnel's packet of a balancer.</summary>
    public static byte[] Tunnel(
        Family outer,
        byte[] inner,
        bool isGue = false,
        int service = 0,
        int port = DecapsulatorOptions.UsualGuePort
    )
    {
        var (source, target) = (outer.Ours, outer.IsSix ? Backend6 : Backend4);
        return isGue
            ? Wire.Packet(
                source,
                target,
                Wire.Udp,
                Wire.UdpDatagram(new(source, 50_000), new(target, port), inner),
                service: service
            )
            : Wire.Packet(source, target, ProtocolOf(inner), inner, service: service);
    }

    public static byte ProtocolOf(byte[] inner) => inner[0] >> 4 == 4 ? (byte)4 : (byte)41;

    /// <summary>Exactly one reason is counted, and the verdict is that of its kind.</summary>
    public DecapsulatorReason Send(byte[] frame, out byte[] left)
    {
        var before = Counts();
        var room = new byte[4096];
        var run = _decapsulator.Program.Test(frame, room);
        left = room[..run.Length];
        var after = Counts();
        var reason = Assert.Single(Reasons.Where((_, place) => after[place] != before[place]));
        var isDropped = (uint)reason is >= FirstDropped and < FirstTaken;
        Assert.Equal(
            _decapsulator.Hook == DecapsulatorHook.Driver
                ? (uint)(isDropped ? Verdict.Drop : Verdict.Pass)
                : (isDropped ? DropOfTc : NextProgram),
            run.Verdict
        );
        return reason;
    }

    public void Expect(byte[] sent, DecapsulatorReason reason, byte[] expected)
    {
        Assert.Equal(reason, Send(sent, out var left));
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(left));
    }

    /// <summary>It is left as it came.</summary>
    public void Expect(byte[] sent, DecapsulatorReason reason) => Expect(sent, reason, sent);

    private ulong[] Counts() => [.. Reasons.Select(_decapsulator.Count)];
}

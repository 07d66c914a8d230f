using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Backends in other VLANs than their clients: tags come, go and change.</summary>
public abstract class VlanTests : IDisposable
{
    private const int Priority = 0xb000;

    private readonly Lab _lab;

    protected VlanTests(Hook hook)
    {
        _lab = new(hook);
        _lab.Vip(4, Family.Four, VipFlags.None, 3);
        _lab.Vip(6, Family.Six, VipFlags.None, 3);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Tags of a client, the backend's VLAN, tags towards the backend.</summary>
    public static TheoryData<int, int[], int, int[]> Changes { get; } =
        new(
            from version in new[] { 4, 6 }
            from change in new (int[] From, int Vlan, int[] To)[]
            {
                ([], 0, []),
                ([7], 0, [7]),
                ([7, 8], 0, [7, 8]),
                ([], 20, [20]),
                ([7], 20, [20]),
                ([20], 20, [20]),
                ([7, 8], 20, [20]),
                ([], 0xfff, []),
                ([7], 0xfff, []),
                ([7, 8], 0xfff, []),
                ([7 | Priority], 0xffe, [0xffe | Priority]),
            }
            select new TheoryDataRow<int, int[], int, int[]>(version, change.From, change.Vlan, change.To)
        );

    [Theory]
    [MemberData(nameof(Changes))]
    public void Frames_go_to_the_VLAN_of_their_backend(int version, int[] from, int vlan, int[] to)
    {
        var family = Family.Of(version);
        Backend(BackendForwarding.Direct, family, vlan);
        _lab.Expect(
            Lab.Incoming(Wire.TcpPacket(family.Client(1000), family.At(), Wire.Ack, [1, 2]), from),
            Reason.SentDirect,
            Lab.To(3, Wire.TcpPacket(family.Client(1000), family.At(), Wire.Ack, [1, 2], ttl: 63), to)
        );
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Tunnels_begin_in_the_VLAN_of_their_backend(int version, int[] from, int vlan, int[] to)
    {
        var inner = Family.Of(version);
        foreach (var outer in new[] { Family.Four, Family.Six })
        {
            Backend(BackendForwarding.IpInIp, outer, vlan);
            byte[] Packet(int ttl) => Wire.TcpPacket(inner.Client(1000), inner.At(), Wire.Ack, [1, 2], ttl);
            var protocol = (byte)(inner.IsSix ? 41 : 4);
            _lab.Expect(
                Lab.Incoming(Packet(64), from),
                Reason.SentTunnel,
                Lab.To(3, Wire.Packet(outer.Ours, outer.Backend(3), protocol, Packet(63)), to)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Answers_come_back_to_the_VLAN_of_their_client(int version, int[] from, int vlan, int[] to)
    {
        var family = Family.Of(version);
        Backend(BackendForwarding.Nat, family, vlan);
        var (client, backend) = (family.Client(1000), new IPEndPoint(family.Backend(3), Family.VipPort));
        _lab.Expect(
            Lab.Incoming(Wire.TcpPacket(client, family.At(), Wire.Syn), from),
            Reason.SentNat,
            Lab.To(3, Wire.TcpPacket(client, backend, Wire.Syn, ttl: 63), to)
        );
        foreach (var tags in new int[][] { to, [], [30], [30, 31] })
        {
            _lab.Expect(
                Lab.From(3, Wire.TcpPacket(backend, client, Wire.Ack, [4, 5]), tags),
                Reason.SentAnswer,
                Lab.Returning(Wire.TcpPacket(family.At(), client, Wire.Ack, [4, 5], ttl: 63), from)
            );
        }
    }

    [Fact]
    public void Answers_follow_a_client_to_another_VLAN()
    {
        Backend(BackendForwarding.Nat, Family.Four, 0xfff);
        var (client, backend) = (Family.Four.Client(1000), new IPEndPoint(Family.Four.Backend(3), Family.VipPort));
        var packet = Wire.TcpPacket(client, Family.Four.At(), Wire.Ack);
        _lab.Run(Lab.Incoming(packet, 7));
        var (flow, connection) = Assert.Single(_lab.Program.Connections.ToList());
        _lab.Program.Connections.Set(flow, connection with { Seen = connection.Seen - 1 });
        _lab.Run(Lab.Incoming(packet, 8, 9));
        _lab.Expect(
            Lab.From(3, Wire.TcpPacket(backend, client, Wire.Ack)),
            Reason.SentAnswer,
            Lab.Returning(Wire.TcpPacket(Family.Four.At(), client, Wire.Ack, ttl: 63), 8, 9)
        );
    }

    /// <summary>What is told of a packet goes where the packet came from, and not to the backend's VLAN.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Errors_stay_in_the_VLAN_of_their_client(int version)
    {
        var family = Family.Of(version);
        Backend(BackendForwarding.IpInIp, family, 20);
        var packet = Wire.TcpPacket(family.Client(1000), family.At(), Wire.Ack, new byte[1450]);
        var (type, code, mtu) = version == 6 ? (2, 0, 1460) : (3, 4, 1480);
        _lab.Expect(
            Lab.Incoming(packet, 7),
            Reason.SentTooBig,
            Lab.Returning(Telling.Of(family, packet, (byte)type, (byte)code, mtu), 7)
        );
    }

    private void Backend(BackendForwarding forwarding, Family family, int vlan) =>
        _lab.Backend(3, forwarding, family, entry => entry with { Vlan = new((ushort)vlan) });
}

public sealed class VlanTestsAtDriver() : VlanTests(Hook.Driver);

public sealed class VlanTestsAtTrafficControl() : VlanTests(Hook.TrafficControl);

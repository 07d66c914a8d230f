using System.Text.Json.Nodes;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>
/// Packets that only the hook of traffic control ever sees, at a real interface: without a checksum yet, and many in one.
/// What leaves must be what the driver's program makes of the same when it is finished.
/// </summary>
public sealed class UnfinishedTests : IDisposable
{
    private const int Segment = 1000;
    private const int TcpHeader = 20;

    private readonly Lab _lab = new(Hook.Driver);
    private readonly NetworkNamespace _home = NetworkNamespace.Create("balancer");
    private readonly Tap _tap;
    private readonly BpfLink _link;

    public UnfinishedTests()
    {
        Ways.Add(_lab);
        _tap = new(_home, "eth0", "02:00:00:00:00:02");
        _link = _home.Run(() => BpfLink.AttachTcx(_lab.Program.TcProgram, Index(), isEgress: false));
    }

    public void Dispose()
    {
        _link.Dispose();
        _tap.Dispose();
        _home.Dispose();
        _lab.Dispose();
    }

    public static TheoryData<int, int> Each { get; } =
        new(
            from version in new[] { 4, 6 }
            from way in Enumerable.Range(0, Ways.All.Length)
            select new TheoryDataRow<int, int>(version, way)
        );

    [Theory]
    [MemberData(nameof(Each))]
    public void A_checksum_that_is_not_there_yet_is_made_of_what_leaves(int version, int way)
    {
        var family = Family.Of(version);
        foreach (var tags in new int[][] { [], [7], [7, 8] })
        {
            foreach (
                var packet in new[]
                {
                    Wire.TcpPacket(family.Client(1000), family.At(Ways.PortOf(way)), Wire.Ack, [1, 2, 3]),
                    Wire.UdpPacket(family.Client(1000), family.At(Ways.PortOf(way)), [1, 2, 3]),
                }
            )
            {
                Send(family, Wire.Unfinished(packet), tags);
                var left = _tap.Receive();
                var (verdict, expected) = _lab.Run(Lab.Incoming(packet, tags));
                Assert.Equal(Verdict.Transmit, verdict);
                Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(left));
                // One that is there already, too.
                _tap.Send(Lab.Incoming(packet, tags));
                Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(_tap.Receive()));
            }
        }
    }

    /// <summary>
    /// Of segments that are many in one each leaves as one, no longer than they were; a tunnel makes them shorter inside.
    /// </summary>
    [Theory]
    [MemberData(nameof(Each))]
    public async Task Many_segments_in_one_leave_one_by_one(int version, int way)
    {
        var family = Family.Of(version);
        var payload = Enumerable.Range(0, 5 * Segment).Select(i => (byte)(i * 31)).ToArray();
        var packet = Wire.TcpPacket(family.Client(1000), family.At(Ways.PortOf(way)), Wire.Ack, payload);
        var header = 14 + family.HeaderLength;
        // None of what is in one is larger than the way to the backend, though all together are.
        _tap.SendUnfinished(
            Lab.Incoming(Wire.Unfinished(packet)),
            header,
            Wire.ChecksumOf(Wire.Tcp),
            family.IsSix ? TapSegments.TcpIPv6 : TapSegments.TcpIPv4,
            Segment,
            header + TcpHeader
        );
        if (Ways.All[way] == (BackendForwarding.Gue, 6))
        {
            // Each would need a checksum of UDP, which nobody makes.
            await Wait.Until(() => _lab.Program.Count(Reason.DroppedNoChecksum) == 1, "the packet to be dropped");
            return;
        }

        var probe = Wire.TcpPacket(family.Client(1000), family.At(Ways.PortOf(way)), Wire.Ack);
        var (_, one) = _lab.Run(Lab.Incoming(probe));
        var left = new List<byte>();
        while (left.Count < payload.Length)
        {
            var frame = _tap.Receive();
            Assert.Null(Sums.WrongIn(frame));
            Assert.InRange(frame.Length, header, header + TcpHeader + Segment);
            // Lengths, numbers and sums differ from those of an empty one; addresses and ports do not.
            Assert.Equal(one[..14], frame[..14]);
            var (addresses, ports) = (one.Length - TcpHeader - (family.IsSix ? 32 : 8), one.Length - TcpHeader + 4);
            Assert.Equal(one[addresses..ports], frame[addresses..ports]);
            left.AddRange(frame[one.Length..]);
        }

        Assert.Equal(payload, left);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    public void What_is_told_of_an_unfinished_packet_is_right(int version, bool isTcp)
    {
        var family = Family.Of(version);
        foreach (var tags in new int[][] { [], [7], [7, 8] })
        {
            foreach (var (way, ttl, size) in new[] { (0, 1, 10), (1, 64, 1460) })
            {
                var at = family.At(Ways.PortOf(way));
                var packet = isTcp
                    ? Wire.TcpPacket(family.Client(1000), at, Wire.Ack, new byte[size], ttl)
                    : Wire.UdpPacket(family.Client(1000), at, new byte[size], ttl);
                Send(family, Wire.Unfinished(packet), tags);
                var left = _tap.Receive();
                Assert.Null(Sums.WrongIn(left));
                var quoted = left[(14 + (4 * tags.Length) + family.HeaderLength + 8)..];
                var (type, code) = (ttl, version) switch
                {
                    (1, 4) => (11, 0),
                    (1, _) => (3, 0),
                    (_, 4) => (3, 4),
                    _ => (2, 0),
                };
                var expected = Telling.Of(
                    family,
                    family.Vip,
                    family.Client(0).Address,
                    quoted,
                    (byte)type,
                    (byte)code,
                    ttl == 1 ? 0 : 1480
                );
                Assert.Equal(Convert.ToHexString(Lab.Returning(expected, tags)), Convert.ToHexString(left));
                // It is the packet's own beginning, but for a checksum that is of what is left.
                var end = family.HeaderLength + (isTcp ? TcpHeader : 8);
                Assert.Equal(end, quoted.Length);
                var sum = family.HeaderLength + Wire.ChecksumOf(isTcp ? Wire.Tcp : Wire.Udp);
                (quoted[sum], quoted[sum + 1]) = (packet[sum], packet[sum + 1]);
                Assert.Equal(packet[..end], quoted);
            }
        }
    }

    private void Send(Family family, byte[] packet, int[] tags)
    {
        var protocol = packet[family.IsSix ? 6 : 9];
        var start = 14 + (4 * tags.Length) + family.HeaderLength;
        _tap.SendUnfinished(Lab.Incoming(packet, tags), start, Wire.ChecksumOf(protocol));
    }

    // /sys shows the namespace that it was mounted in.
    private int Index() =>
        JsonNode.Parse(_home.Ip("-json", "link", "show", _tap.Name))![0]!["ifindex"]!.GetValue<int>();
}

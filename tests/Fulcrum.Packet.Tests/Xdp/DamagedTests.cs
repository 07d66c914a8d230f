using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Packets that were cut or damaged on their way.</summary>
public abstract class DamagedTests : IDisposable
{
    private readonly Lab _lab;

    protected DamagedTests(Hook hook)
    {
        _lab = new(hook);
        Ways.Add(_lab);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_frame_that_is_cut_anywhere_is_never_sent(int version)
    {
        var family = Family.Of(version);
        for (var way = 0; way < Ways.All.Length; way++)
        {
            foreach (var tags in new int[][] { [], [7], [7, 8] })
            {
                foreach (var packet in Packets(family, Ways.PortOf(way)))
                {
                    var frame = Lab.Incoming(packet, tags);
                    for (var length = Lab.LeastLength; length < frame.Length; length++)
                    {
                        if (!_lab.CanRun(frame.AsSpan(0, length)))
                        {
                            continue;
                        }

                        var (verdict, left) = _lab.Run(frame.AsSpan(0, length));
                        Assert.True(
                            verdict is Verdict.Pass or Verdict.Drop && frame.AsSpan(0, length).SequenceEqual(left),
                            $"{Ways.All[way]}: {verdict} for the first {length} bytes of {Convert.ToHexString(frame)}"
                        );
                    }
                }
            }
        }

        Assert.Empty(_lab.Program.Connections.ToList());
    }

    /// <summary>Each bit of a checksum, and one of what it covers: whoever receives the packet finds out.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void What_is_damaged_stays_damaged(int version)
    {
        var family = Family.Of(version);
        for (var way = 0; way < Ways.All.Length; way++)
        {
            var at = family.At(Ways.PortOf(way));
            foreach (
                var (packet, checksum) in new[]
                {
                    (Wire.TcpPacket(family.Client(1000), at, Wire.Ack, [1, 2, 3]), 16),
                    (Wire.UdpPacket(family.Client(1000), at, [1, 2, 3]), 6),
                }
            )
            {
                var good = Lab.Incoming(packet);
                var sent = _lab.Send(good);
                Assert.True(sent.Reason is Reason.SentDirect or Reason.SentTunnel or Reason.SentNat, $"{sent.Reason}");
                Assert.Null(Sums.WrongIn(sent.Frame));
                var places = new List<int> { 14 + family.HeaderLength + checksum, good.Length - 1 };
                if (version == 4)
                {
                    places.Add(14 + 10);
                }

                foreach (var place in places)
                {
                    for (var bit = 0; bit < 8; bit++)
                    {
                        byte[] bad = [.. good];
                        bad[place] ^= (byte)(1 << bit);
                        var wrong = Sums.WrongIn(bad);
                        Assert.NotNull(wrong);
                        var (verdict, left) = _lab.Run(bad);
                        Assert.Equal(_lab.Leaving, verdict);
                        Assert.NotNull(Sums.WrongIn(left));
                    }
                }
            }
        }
    }

    /// <summary>An answer, too.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_damaged_answer_stays_damaged(int version)
    {
        var family = Family.Of(version);
        var way = Array.FindIndex(Ways.All, one => one.Forwarding == BackendForwarding.Nat);
        var backend = (uint)(way + 1 + (version == 6 ? Ways.All.Length : 0));
        _lab.Run(Lab.Incoming(Wire.TcpPacket(family.Client(1000), family.At(Ways.PortOf(way)), Wire.Ack)));
        var answer = Wire.TcpPacket(
            new(family.Backend((int)backend), Ways.PortOf(way)),
            family.Client(1000),
            Wire.Ack,
            [1]
        );
        var good = Lab.From(backend, answer);
        Assert.Equal(Reason.SentAnswer, _lab.Send(good).Reason);
        good[^1] ^= 1;
        var sent = _lab.Send(good);
        Assert.Equal(Reason.SentAnswer, sent.Reason);
        Assert.Equal("checksum of TCP", Sums.WrongIn(sent.Frame));
    }

    private static IEnumerable<byte[]> Packets(Family family, int port)
    {
        var client = family.Client(1000);
        yield return Wire.TcpPacket(client, family.At(port), Wire.Ack, [1, 2, 3]);
        yield return Wire.UdpPacket(client, family.At(port), [1, 2, 3]);
        var quoted = Wire.TcpPacket(family.At(port), client, Wire.Ack);
        yield return Telling.Of(family, family.Router, family.Vip, quoted, (byte)(family.IsSix ? 1 : 3), 0, 0);
    }
}

public sealed class DamagedTestsAtDriver() : DamagedTests(Hook.Driver);

public sealed class DamagedTestsAtTrafficControl() : DamagedTests(Hook.TrafficControl);

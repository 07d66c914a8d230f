using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>
/// Packets of all kinds, some of them broken. The verifier proves that none of them is read or written beyond its end; here
/// is tested that what comes out is right whenever what came in was, and wrong whenever that was.
/// </summary>
public abstract class FuzzTests : IDisposable
{
    private const int Packets = 1_000_000;

    private readonly Lab _lab;
    private readonly Random _random = Seeds.NewRandom();

    protected FuzzTests(Hook hook)
    {
        _lab = new(hook);
        Ways.Add(_lab);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Nothing_makes_a_wrong_packet_of_a_right_one()
    {
        var (sent, damaged) = (0, 0);
        for (var i = Soak.Count(Packets); i > 0; i--)
        {
            var frame = Frame();
            while (!_lab.CanRun(frame))
            {
                frame = Frame();
            }

            var told = Told();
            var wrong = Sums.WrongIn(frame);
            var (verdict, left) = _lab.Run(frame);
            switch (verdict)
            {
                case Verdict.Pass:
                    Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(left));
                    break;
                case Verdict.Drop:
                    break;
                case Verdict.Transmit or Verdict.Redirect:
                    var now = Sums.WrongIn(left);
                    // What a vip tells of a packet is right, whatever the packet was.
                    var isRight = wrong is null || Told() != told;
                    Assert.True(
                        isRight == now is null,
                        $"{wrong ?? "right"} became {now ?? "right"}: {Convert.ToHexString(frame)} became {Convert.ToHexString(left)}"
                    );
                    sent++;
                    damaged += isRight ? 0 : 1;
                    break;
                default:
                    Assert.Fail($"{verdict}: {Convert.ToHexString(frame)}");
                    break;
            }
        }

        // It must have tested something.
        Assert.InRange(sent, Soak.Count(Packets) / 4, Soak.Count(Packets));
        Assert.InRange(damaged, Soak.Count(Packets) / 100, sent);
        Ran(
            Reason.SentDirect,
            Reason.SentTunnel,
            Reason.SentNat,
            Reason.SentAnswer,
            Reason.SentTooBig,
            Reason.SentExpired
        );
        Ran(Reason.DroppedCut, Reason.DroppedFragment, Reason.DroppedOptions, Reason.SawError, Reason.PassedUnrelated);
    }

    private ulong Told() => _lab.Program.Count(Reason.SentTooBig) + _lab.Program.Count(Reason.SentExpired);

    private void Ran(params Reason[] reasons) =>
        Assert.All(reasons, reason => Assert.True(_lab.Program.Count(reason) > 0, $"there was no {reason}"));

    private byte[] Frame()
    {
        var family = Family.Of(_random.Next(2) == 0 ? 4 : 6);
        var tags = Enumerable.Range(0, Math.Max(0, _random.Next(6) - 3)).ToArray();
        var frame = Lab.Incoming(Packet(family), tags);
        // Most as they are, some cut or longer, some changed.
        switch (_random.Next(8))
        {
            case 0:
                return frame[..Math.Max(Lab.LeastLength, _random.Next(frame.Length))];
            case 1:
                return [.. frame, .. Bytes(30)];
            case 2:
                for (var i = _random.Next(1, 4); i > 0; i--)
                {
                    frame[_random.Next(12, Math.Min(frame.Length, 90))] = (byte)_random.Next(256);
                }

                return frame;
            case 3:
                frame[_random.Next(12, frame.Length)] ^= (byte)(1 << _random.Next(8));
                return frame;
            default:
                return frame;
        }
    }

    private byte[] Packet(Family family)
    {
        var way = _random.Next(Ways.All.Length);
        var client = family.Client(_random.Next(1, 200), _random.Next(1, 20));
        var at = family.At(Ways.PortOf(way));
        var backend = new IPEndPoint(family.Backend(way + 1 + (family.IsSix ? Ways.All.Length : 0)), at.Port);
        var payload = Bytes(_random.Next(10) == 0 ? 1460 : 60);
        var ttl = _random.Next(10) == 0 ? _random.Next(3) : _random.Next(2, 256);
        return _random.Next(12) switch
        {
            0 => Wire.UdpPacket(client, at, payload, ttl, family.IsSix || _random.Next(4) > 0),
            1 or 2 => Wire.UdpPacket(client, at, payload, ttl),
            3 => Error(family, client, family.Vip, Wire.TcpPacket(at, client, Wire.Ack, payload), ttl),
            4 => Error(family, client, client.Address, Wire.UdpPacket(client, backend, payload), ttl),
            5 => Wire.TcpPacket(backend, client, Wire.Ack, payload, ttl),
            6 => Odd(family, client, at, payload, ttl),
            _ => Wire.TcpPacket(client, at, (byte)_random.Next(32), payload, ttl, _random.Next(256)),
        };
    }

    private byte[] Error(Family family, IPEndPoint client, IPAddress destination, byte[] about, int ttl) =>
        Telling.Of(
            family,
            _random.Next(2) == 0 ? family.Router : client.Address,
            destination,
            about[..Math.Min(about.Length, family.HeaderLength + 8 + _random.Next(40))],
            (byte)(family.IsSix ? _random.Next(1, 5) : 3),
            (byte)_random.Next(5),
            _random.Next(),
            ttl
        );

    private byte[] Odd(Family family, IPEndPoint client, IPEndPoint at, byte[] payload, int ttl)
    {
        var segment = Wire.TcpSegment(client, at, Wire.Ack, payload);
        return _random.Next(3) switch
        {
            0 => Wire.Packet(
                client.Address,
                at.Address,
                Wire.Tcp,
                segment,
                ttl,
                fragment: (ushort)_random.Next(0x10000)
            ),
            1 => Wire.Packet(
                client.Address,
                at.Address,
                Wire.Tcp,
                segment,
                ttl,
                options: family.IsSix ? [] : [1, 1, 1, 0]
            ),
            _ => Wire.Packet(client.Address, at.Address, (byte)_random.Next(256), segment, ttl),
        };
    }

    private byte[] Bytes(int most)
    {
        var bytes = new byte[_random.Next(most + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }
}

public sealed class FuzzTestsAtDriver() : FuzzTests(Hook.Driver);

public sealed class FuzzTestsAtTrafficControl() : FuzzTests(Hook.TrafficControl);

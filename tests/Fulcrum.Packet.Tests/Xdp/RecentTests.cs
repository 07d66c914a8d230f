using System.Runtime.InteropServices;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Packet.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>What a packet finds that comes in the same tick as others of its flow.</summary>
public abstract class RecentTests : IDisposable
{
    private const uint Number = 5;
    private const int Flows = 50;
    private const int TickAt = 16;
    private const int BackendAt = 48;

    private readonly Lab _lab;
    private readonly BpfMap _recents;

    protected RecentTests(Hook hook)
    {
        _lab = new(hook);
        _recents = _lab.Program.Map("recents");
        for (var number = 1u; number <= 4; number++)
        {
            _lab.Backend(number, BackendForwarding.Direct, Family.Four);
            _lab.Backend(number + 10, BackendForwarding.FullNat, Family.Six);
        }

        _lab.Vip(Number, Family.Four, VipFlags.None, 1, 2);
        _lab.Vip(Number + 1, Family.Six, VipFlags.None, 11, 12);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void The_table_is_not_asked_again()
    {
        var before = InOneTick(() =>
        {
            var sent = Begin();
            _lab.ForgetConnections();
            _lab.Ring(Number, 3);
            return (sent, Again(sent));
        });
        Assert.Equal(before.sent, before.Item2);
    }

    [Fact]
    public void It_is_in_another_tick()
    {
        var before = Begin();
        _lab.ForgetConnections();
        _lab.Ring(Number, 3);
        Change(place => (place.Check, place.Data - (1 << TickAt)));
        Assert.All(Again(before).Values, backend => Assert.Equal(3u, backend));
    }

    [Fact]
    public void Halves_of_two_are_none()
    {
        var before = Begin();
        _lab.ForgetConnections();
        _lab.Ring(Number, 3);
        // What is read while another is written: one half of it, and the data of a flow that goes to the other backend.
        ChangeRaw(place => (place.Over, place.Data ^ ((1UL ^ 2UL) << BackendAt)));
        Assert.All(Again(before).Values, backend => Assert.Equal(3u, backend));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_backend_that_failed_or_is_another_keeps_none(bool isUp, uint generation)
    {
        var before = Begin();
        _lab.Backend(
            2,
            BackendForwarding.Direct,
            Family.Four,
            entry => entry with { Flags = isUp ? BackendFlags.Up : BackendFlags.None, Generation = generation }
        );
        _lab.Ring(Number, 1, 3);
        var after = Again(before);
        Assert.All(before.Where(flow => flow.Value == 1), flow => Assert.Equal(1u, after[flow.Key]));
        Assert.All(before.Where(flow => flow.Value == 2), flow => Assert.NotEqual(2u, after[flow.Key]));
        Assert.Contains(2u, before.Values);
    }

    [Fact]
    public void A_new_connection_with_old_ports_does_not_follow_the_old_one()
    {
        var before = Begin(Wire.Tcp);
        _lab.Backend(
            2,
            BackendForwarding.Direct,
            Family.Four,
            entry => entry with { Flags = BackendFlags.Up | BackendFlags.Drains }
        );
        _lab.Ring(Number, 3);
        foreach (var (port, backend) in before)
        {
            var chosen = _lab.BackendOf(Frame(Wire.Tcp, port, Wire.Syn));
            Assert.Equal(backend == 2 ? 3u : 1, chosen);
            Assert.Equal(chosen, _lab.BackendOf(Frame(Wire.Tcp, port)));
            Assert.Equal(chosen, _lab.BackendOf(Frame(Wire.Tcp, port)));
        }
    }

    [Fact]
    public void Packets_keep_the_port_that_full_NAT_gave_them()
    {
        for (var port = 1; port <= Flows; port++)
        {
            var packet = Wire.UdpPacket(Family.Six.Client(port), Family.Six.At(), [1]);
            var sent = Enumerable.Range(0, 4).Select(_ => _lab.Send(Lab.Incoming(packet))).ToList();
            Assert.All(sent, one => Assert.Equal(Reason.SentNat, one.Reason));
            Assert.Single(sent.Select(one => Convert.ToHexString(one.Frame)).Distinct());
        }
    }

    /// <summary>More flows than places: whoever finds none is served by the table.</summary>
    [Fact]
    public void Flows_without_a_place_stay_where_they_are()
    {
        var places = 4 * _recents.Spec.MaxEntries;
        var before = Enumerable.Range(1, places * 2).ToDictionary(flow => flow, flow => Send(flow));
        _lab.Ring(Number, 3);
        for (var round = 0; round < 2; round++)
        {
            Assert.All(before, flow => Assert.Equal(flow.Value, Send(flow.Key)));
        }

        uint Send(int flow) =>
            _lab.Run(
                Lab.Incoming(
                    Wire.UdpPacket(Family.Four.Client(1 + (flow % 1000), 1 + (flow / 1000)), Family.Four.At(), [1])
                )
            ).Frame[5];
    }

    /// <summary>Flows that the table was asked for: where they go.</summary>
    private Dictionary<int, uint> Begin(byte protocol = Wire.Udp)
    {
        for (var time = 0; time < 2; time++)
        {
            for (var port = 1; port <= Flows; port++)
            {
                _lab.Run(Frame(protocol, port));
            }
        }

        return Again(Enumerable.Range(1, Flows).ToDictionary(port => port, _ => 0u), protocol);
    }

    private Dictionary<int, uint> Again(Dictionary<int, uint> flows, byte protocol = Wire.Udp) =>
        flows.Keys.ToDictionary(port => port, port => (uint)_lab.Run(Frame(protocol, port)).Frame[5]);

    private static byte[] Frame(byte protocol, int port, byte flags = Wire.Ack) =>
        Lab.Incoming(
            protocol == Wire.Udp
                ? Wire.UdpPacket(Family.Four.Client(port), Family.Four.At(), [1])
                : Wire.TcpPacket(Family.Four.Client(port), Family.Four.At(), flags)
        );

    /// <summary>Does it again, from the beginning, where the tick ended meanwhile.</summary>
    private T InOneTick<T>(Func<T> what)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            _lab.Ring(Number, 1, 2);
            var begun = Tick();
            var result = what();
            if (Tick() == begun)
            {
                return result;
            }
        }

        throw new InvalidOperationException("20 times a tick ended too early");
    }

    /// <summary>Of a flow that is stored now.</summary>
    private uint Tick()
    {
        _lab.ForgetConnections();
        _lab.Run(Frame(Wire.Udp, 999));
        var (flow, connection) = Assert.Single(_lab.Program.Connections.ToList());
        _lab.Program.Connections.Remove(flow);
        return connection.Seen;
    }

    private void Change(Func<(ulong Check, ulong Data), (ulong Check, ulong Data)> change) =>
        ChangeRaw(place =>
        {
            var (check, data) = change((place.Over ^ place.Data, place.Data));
            return (check ^ data, data);
        });

    private void ChangeRaw(Func<(ulong Over, ulong Data), (ulong Over, ulong Data)> change)
    {
        var changed = 0;
        for (var set = 0; set < _recents.Spec.MaxEntries; set++)
        {
            var words = new ulong[_recents.ValueLength / sizeof(ulong)];
            _recents.TryGet(BitConverter.GetBytes(set), MemoryMarshal.AsBytes(words.AsSpan()));
            for (var i = 0; i < words.Length; i += 2)
            {
                if (words[i + 1] != 0)
                {
                    (words[i], words[i + 1]) = change((words[i], words[i + 1]));
                    changed++;
                }
            }

            _recents.Set(BitConverter.GetBytes(set), MemoryMarshal.AsBytes(words.AsSpan()));
        }

        Assert.InRange(changed, Flows * 9 / 10, Flows);
    }
}

[AlsoInGuest]
public sealed class RecentTestsAtDriver() : RecentTests(Hook.Driver);

[AlsoInGuest]
public sealed class RecentTestsAtTrafficControl() : RecentTests(Hook.TrafficControl);

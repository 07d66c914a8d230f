using System.Net;
using Fulcrum.Balancing;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Packet.Tests.Kit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>Which backend a flow goes to, and how long it stays there.</summary>
public abstract class ChoosingTests : IDisposable
{
    private const ulong Seed = 0x1234_5678_9abc_def0;
    private const uint Number = 5;

    private readonly Lab _lab;

    protected ChoosingTests(Hook hook)
    {
        _lab = new(hook, new() { HashSeed = Seed, TcpIdle = TimeSpan.FromHours(1) });
        for (var number = 1u; number <= 4; number++)
        {
            _lab.Backend(number, BackendForwarding.Direct, Family.Four);
        }

        _lab.Vip(Number, Family.Four, VipFlags.None, 1, 2, 3);
        _lab.Vip(Number, Family.Six, VipFlags.None, 1, 2, 3);
    }

    public void Dispose()
    {
        _lab.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(6, false)]
    [InlineData(4, true)]
    [InlineData(6, true)]
    public void The_ring_is_asked_by_a_hash_that_user_space_knows(int version, bool bySource)
    {
        var family = Family.Of(version);
        _lab.Vip(Number, family, bySource ? VipFlags.BySource : VipFlags.None, 1, 2, 3);
        var ring = BalancerRing.Build(
            [.. new uint[] { 1, 2, 3 }.Select(number => (number, new Candidate(number * 7919UL, 1)))],
            Lab.Slots
        );
        for (var i = 1; i < 100; i++)
        {
            var client = family.Client(i, i);
            var flow = Lab.Flow(client, family.At(), Wire.Tcp);
            var expected = ring[FlowHash.SlotOf(FlowHash.Of(flow, Seed, bySource), Lab.Slots)];
            Assert.Equal(expected, _lab.BackendOf(Syn(client)));
            if (bySource)
            {
                Assert.Equal(expected, _lab.BackendOf(Syn(new IPEndPoint(client.Address, 999))));
            }
        }
    }

    [Fact]
    public void Nodes_with_one_seed_choose_alike_and_others_do_not()
    {
        using var same = Node(_lab.Hook, Seed);
        using var other = Node(_lab.Hook, Seed + 1);
        var flows = Enumerable.Range(1, 300).Select(port => Syn(Family.Four.Client(port))).ToList();
        var chosen = flows.ConvertAll(_lab.BackendOf);
        Assert.Equal(chosen, flows.ConvertAll(same.BackendOf));
        var alike = flows.Where((flow, i) => other.BackendOf(flow) == chosen[i]).Count();
        Assert.InRange(alike, 50, 150);

        static Lab Node(Hook hook, ulong seed)
        {
            var lab = new Lab(hook, new() { HashSeed = seed });
            for (var number = 1u; number <= 3; number++)
            {
                lab.Backend(number, BackendForwarding.Direct, Family.Four);
            }

            lab.Vip(Number, Family.Four, VipFlags.None, 1, 2, 3);
            return lab;
        }
    }

    [Fact]
    public void Flows_spread_as_the_ring_says()
    {
        var backends = new (uint, Candidate)[] { (1, new(11, 1)), (2, new(12, 1)), (3, new(13, 2)) };
        _lab.Program.SetRing(Number, BalancerRing.Build(backends, Lab.Slots));
        var counts = new int[5];
        for (var port = 1; port <= 8000; port++)
        {
            counts[_lab.Run(Syn(Family.Four.Client(port))).Frame[5]]++;
        }

        Assert.InRange(counts[1], 1800, 2200);
        Assert.InRange(counts[2], 1800, 2200);
        Assert.InRange(counts[3], 3700, 4300);
        Assert.Equal(
            (8000UL, 8000UL),
            (_lab.Program.TrafficOfVip(Number).Packets, _lab.Program.TrafficOfVip(Number).Connections)
        );
        Assert.Equal((ulong)counts[3], _lab.Program.TrafficOfBackend(3).Packets);
        // Nothing of a handshake is stored.
        Assert.Empty(_lab.Program.Connections.ToList());
    }

    [Fact]
    public void Flows_stay_when_the_ring_changes_and_new_ones_follow_it()
    {
        var before = Establish(1, 300);
        _lab.Ring(Number, 1, 4);
        for (var port = 1; port <= 300; port++)
        {
            Assert.Equal(before[port], _lab.BackendOf(Ack(Family.Four.Client(port))));
        }

        var after = Establish(1001, 300);
        Assert.Equal([1u, 4u], after.Values.Distinct().Order());
        Assert.InRange(after.Values.Count(backend => backend == 4), 100, 200);
    }

    [Fact]
    public void Flows_stay_when_weights_change()
    {
        var before = Establish(1, 600);
        Weigh(0, 1, 8);
        Assert.All(before, flow => Assert.Equal(flow.Value, _lab.BackendOf(Ack(Family.Four.Client(flow.Key)))));
        var after = Establish(1001, 600);
        Assert.DoesNotContain(1u, after.Values);
        Assert.InRange(after.Values.Count(backend => backend == 2), 30, 110);
        // There and back again, under all of them.
        Weigh(1, 1, 1);
        Assert.All(before, flow => Assert.Equal(flow.Value, _lab.BackendOf(Ack(Family.Four.Client(flow.Key)))));
        Assert.All(after, flow => Assert.Equal(flow.Value, _lab.BackendOf(Ack(Family.Four.Client(flow.Key)))));
    }

    /// <summary>Until its ACK a connection is nobody's: a slot that changes hands in between takes it along.</summary>
    [Fact]
    public void A_handshake_under_way_moves_with_its_slot_and_no_other_does()
    {
        var begun = Enumerable
            .Range(1, 600)
            .ToDictionary(port => port, port => _lab.BackendOf(Syn(Family.Four.Client(port))));
        Weigh(1, 1, 2);
        var moved = begun.Where(flow => _lab.BackendOf(Ack(Family.Four.Client(flow.Key))) != flow.Value).ToList();
        // From a third of the slots to a half of them.
        Assert.InRange(moved.Count, 60, 180);
        Assert.All(moved, flow => Assert.NotEqual(3u, flow.Value));
    }

    [Fact]
    public void A_ring_of_another_size_takes_its_place()
    {
        _lab.Program.SetRing(Number, BalancerRing.Build([(4, new(4, 1))], 251));
        _lab.Program.Vips.Set(
            new VipKey(TableAddress.Of(Family.Four.Vip), TablePort.Of(Family.VipPort), Wire.Tcp),
            new VipEntry(Number, VipFlags.None, 251)
        );
        Assert.All(Enumerable.Range(1, 100), port => Assert.Equal(4u, _lab.BackendOf(Syn(Family.Four.Client(port)))));
        // Slots that are asked for and are not there lead nowhere; and are no reason to read beyond the end.
        _lab.Program.Vips.Set(
            new VipKey(TableAddress.Of(Family.Four.Vip), TablePort.Of(Family.VipPort), Wire.Tcp),
            new VipEntry(Number, VipFlags.None, uint.MaxValue)
        );
        Assert.Equal(Reason.DroppedNoBackend, _lab.Send(Syn(Family.Four.Client(1))).Reason);
    }

    [Fact]
    public void A_drained_backend_keeps_its_flows_and_gets_no_new_one()
    {
        var before = Establish(1, 300);
        Change(2, entry => entry with { Flags = BackendFlags.Up | BackendFlags.Drains });
        _lab.Ring(Number, 1, 3);
        foreach (var (port, backend) in before)
        {
            Assert.Equal(backend, _lab.BackendOf(Ack(Family.Four.Client(port))));
        }

        // The ports of an old flow, but a new connection.
        var old = before.First(flow => flow.Value == 2).Key;
        var moved = _lab.BackendOf(Syn(Family.Four.Client(old)));
        Assert.NotEqual(2u, moved);
        Assert.Equal(moved, _lab.BackendOf(Ack(Family.Four.Client(old))));
        Assert.Equal(1UL, _lab.Program.Count(Reason.SawMoved));
        Assert.DoesNotContain(2u, Establish(1001, 300).Values);
    }

    [Fact]
    public void A_new_connection_with_old_ports_stays_where_the_old_one_was()
    {
        var before = Establish(1, 100);
        _lab.Ring(Number, 1, 4);
        Assert.All(before, flow => Assert.Equal(flow.Value, _lab.BackendOf(Syn(Family.Four.Client(flow.Key)))));
    }

    [Fact]
    public void Flows_of_a_failed_backend_move_at_once_and_no_others()
    {
        var before = Establish(1, 300);
        Change(2, entry => entry with { Flags = BackendFlags.None });
        // The ring still names it.
        var after = before.Keys.ToDictionary(port => port, port => _lab.BackendOf(Ack(Family.Four.Client(port))));
        Assert.DoesNotContain(2u, after.Values);
        Assert.All(before.Where(flow => flow.Value != 2), flow => Assert.Equal(flow.Value, after[flow.Key]));
        var lost = before.Values.Count(backend => backend == 2);
        Assert.InRange(lost, 70, 130);
        Assert.Equal((ulong)lost, _lab.Program.Count(Reason.SawDown));
        Assert.InRange(_lab.Program.Count(Reason.SawNext), (ulong)lost, (ulong)lost * 2);
        // And stay where they are now.
        Change(2, entry => entry with { Flags = BackendFlags.Up });
        Assert.All(after, flow => Assert.Equal(flow.Value, _lab.BackendOf(Ack(Family.Four.Client(flow.Key)))));
    }

    [Fact]
    public void Where_all_failed_nothing_is_sent()
    {
        for (var number = 1u; number <= 3; number++)
        {
            Change(number, entry => entry with { Flags = BackendFlags.None });
        }

        Assert.Equal(Reason.DroppedNoBackend, _lab.Send(Ack(Family.Four.Client(1))).Reason);
    }

    [Fact]
    public void A_number_that_was_given_to_another_backend_takes_no_flow_along()
    {
        var before = Establish(1, 300);
        _lab.Ring(Number, 1, 3);
        Change(2, entry => entry with { Generation = 2 });
        foreach (var (port, backend) in before)
        {
            var now = _lab.BackendOf(Ack(Family.Four.Client(port)));
            Assert.True(backend == 2 ? now != 2 : now == backend, $"flow {port} went from {backend} to {now}");
        }

        Assert.Equal((ulong)before.Values.Count(backend => backend == 2), _lab.Program.Count(Reason.SawStale));
    }

    [Fact]
    public void What_ends_a_connection_is_not_its_beginning()
    {
        foreach (var flags in new byte[] { Wire.Rst, Wire.Fin | Wire.Ack, Wire.Syn | Wire.Ack, Wire.Syn })
        {
            Assert.Equal(
                Reason.SentDirect,
                _lab.Send(Lab.Incoming(Wire.TcpPacket(Family.Four.Client(1), Family.Four.At(), flags))).Reason
            );
        }

        Assert.Empty(_lab.Program.Connections.ToList());
    }

    [Fact]
    public void A_flow_that_was_silent_for_too_long_is_chosen_for_anew()
    {
        const uint Kept = 4;
        const uint Anew = 1;
        var datagram = Lab.Incoming(Wire.UdpPacket(Family.Four.Client(1), Family.Four.At(), [1]));
        Assert.Equal(Anew, AfterSilence(datagram, seconds: 64));
        Assert.Equal(Kept, AfterSilence(datagram, seconds: 54));
        var segment = Ack(Family.Four.Client(2));
        Assert.Equal(Anew, AfterSilence(segment, seconds: 3700));
        Assert.Equal(Kept, AfterSilence(segment, seconds: 3500));
        // A client that said goodbye is remembered for a short time only.
        var end = Lab.Incoming(Wire.TcpPacket(Family.Four.Client(2), Family.Four.At(), Wire.Fin | Wire.Ack));
        Assert.Equal(Kept, AfterSilence(segment, seconds: 54, end));
        Assert.Equal(Anew, AfterSilence(segment, seconds: 64, end));
        Assert.Equal(3UL, _lab.Program.Count(Reason.SawAged));
    }

    [Fact]
    public void A_flood_stores_no_more_than_the_guard_lets_it()
    {
        using var lab = new Lab(_lab.Hook, new() { MostFresh = 3 });
        lab.Backend(3, BackendForwarding.Direct, Family.Four);
        lab.Vip(1, Family.Four, VipFlags.None, 3);
        for (var port = 1; port <= 2000; port++)
        {
            Assert.Equal(_lab.Leaving, lab.Run(Ack(Family.Four.Client(port))).Verdict);
        }

        var stored = lab.Program.Connections.ToList().Count;
        Assert.InRange(stored, 3, 60);
        Assert.Equal(2000UL - (ulong)stored, lab.Program.Count(Reason.SawGuarded));
        lab.Backend(3, BackendForwarding.Nat, Family.Four);
        for (var port = 1; port <= 2000; port++)
        {
            lab.Run(Ack(Family.Four.Client(port, 10)));
        }

        Assert.InRange(lab.Program.Count(Reason.DroppedGuarded), 1900UL, 2000UL);
    }

    [Fact]
    public void More_flows_than_there_is_room_for_are_served_all_the_same()
    {
        for (var client = 1; client <= 100; client++)
        {
            for (var port = 1; port <= 400; port++)
            {
                Assert.Equal(_lab.Leaving, _lab.Run(Ack(Family.Four.Client(port, client))).Verdict);
            }
        }

        Assert.InRange(_lab.Program.Connections.ToList().Count, 10_000, 20_000);
    }

    [Fact]
    public void A_vip_that_forgets_follows_its_ring_with_every_packet()
    {
        _lab.Vip(Number, Family.Four, VipFlags.Forgets, 1, 2, 3);
        Establish(1, 100);
        Assert.Empty(_lab.Program.Connections.ToList());
        _lab.Ring(Number, 4);
        Assert.Equal([4u], Establish(1, 100).Values.Distinct());
    }

    /// <summary>A flow goes to 4, and later, when the ring would send it to 1, it goes where?</summary>
    private uint AfterSilence(byte[] frame, int seconds, byte[]? last = null)
    {
        _lab.ForgetConnections();
        _lab.ForgetRecent();
        _lab.Ring(Number, 4);
        Assert.Equal(4u, _lab.BackendOf(frame));
        if (last is not null)
        {
            Assert.Equal(4u, _lab.BackendOf(last));
        }

        var (key, entry) = _lab.Program.Connections.ToList().Single();
        _lab.Program.Connections.Set(
            key,
            entry with
            {
                Seen = entry.Seen - ProgramClock.TicksIn(TimeSpan.FromSeconds(seconds)),
            }
        );
        _lab.Ring(Number, 1);
        return _lab.BackendOf(frame);
    }

    private static byte[] Syn(IPEndPoint client) => Segment(client, Wire.Syn);

    private static byte[] Ack(IPEndPoint client) => Segment(client, Wire.Ack);

    private static byte[] Segment(IPEndPoint client, byte flags) =>
        Lab.Incoming(
            Wire.TcpPacket(
                client,
                Family.Of(client.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 4 : 6).At(),
                flags
            )
        );

    private Dictionary<int, uint> Establish(int first, int count) =>
        Enumerable
            .Range(first, count)
            .ToDictionary(
                port => port,
                port =>
                {
                    var chosen = _lab.BackendOf(Syn(Family.Four.Client(port)));
                    Assert.Equal(chosen, _lab.BackendOf(Ack(Family.Four.Client(port))));
                    return chosen;
                }
            );

    /// <summary>A ring of 1, 2 and 3 with other weights.</summary>
    private void Weigh(params int[] weights) =>
        _lab.Program.SetRing(
            Number,
            BalancerRing.Build(
                [.. weights.Select((weight, i) => ((uint)i + 1, new Candidate(((uint)i + 1) * 7919UL, weight)))],
                Lab.Slots
            )
        );

    private void Change(uint number, Func<BackendEntry, BackendEntry> change) =>
        _lab.Backend(number, BackendForwarding.Direct, Family.Four, change);
}

public sealed class ChoosingTestsAtDriver() : ChoosingTests(Hook.Driver);

public sealed class ChoosingTestsAtTrafficControl() : ChoosingTests(Hook.TrafficControl);

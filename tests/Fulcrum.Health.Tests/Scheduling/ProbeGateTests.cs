using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing;
using Fulcrum.Health.Scheduling;
using Fulcrum.Loops;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Scheduling;

public sealed class ProbeGateTests : IHealthListener
{
    private readonly Random _random = Seeds.NewRandom();
    private readonly Reactor _reactor = new(new LoopOptions { MaxBuffers = 1 }, 0);

    void IHealthListener.OnHealth(ProbeTask task, CheckHealth health) => Assert.Fail("nothing is asked");

    [Fact]
    public void Who_was_held_up_by_one_that_gave_up_gets_his_turn()
    {
        var gate = new ProbeGate(new ProberOptions { MaxPerHost = 1, MaxProbes = 2 }, _reactor);
        var (a, b, c) = (Check(gate, 1), Check(gate, 1), Check(gate, 1));
        var (other, another) = (Check(gate, 2), Check(gate, 3));
        Assert.True(gate.TryEnter(a) && gate.TryEnter(other));
        Assert.False(gate.TryEnter(another) || gate.TryEnter(b) || gate.TryEnter(c));
        gate.Leave(a.Host); // another, which has waited longer than b, is let in.
        gate.GiveUp(b);
        gate.Leave(other.Host);
        Assert.Null(c.Place);
        Assert.Equal((2, 0), (gate.Running, gate.Queued));
    }

    [Theory]
    [InlineData(1, 1, 1, 3)]
    [InlineData(4, 2, 1, 3)]
    [InlineData(5, 2, 2, 6)]
    [InlineData(100, 3, 2, 4)]
    [InlineData(8, 100, 100, 4)]
    public void Bounds_hold_nobody_starves_and_who_came_first_goes_first(int most, int perHost, int programs, int hosts)
    {
        var options = new ProberOptions
        {
            MaxProbes = most,
            MaxPerHost = perHost,
            MaxPrograms = programs,
        };
        var gate = new ProbeGate(options, _reactor);
        // Host 0 stands for programs.
        var idle = Enumerable.Range(0, hosts * 12).Select(i => Check(gate, i % hosts)).ToList();
        var waiting = new List<ScheduledCheck>();
        var running = new List<ScheduledCheck>();
        for (var step = 0; step < 3000; step++)
        {
            var queue = _random.Next(10);
            if (queue < 5 && idle.Count > 0)
            {
                var check = Take(idle);
                (gate.TryEnter(check) ? running : waiting).Add(check);
            }
            else if (queue < 9 && running.Count > 0)
            {
                Leave(Take(running));
            }
            else if (waiting.Count > 0)
            {
                var check = Take(waiting);
                gate.GiveUp(check);
                idle.Add(check);
                Settle();
            }

            Hold();
        }

        // Nobody comes any more, and all get their turn.
        while (running.Count > 0)
        {
            Leave(Take(running));
            Hold();
        }

        Assert.Equal((0, 0, 0), (waiting.Count, gate.Running, gate.Queued));
        Assert.All(idle, check => Assert.Equal(0, check.Host.Running));
        idle.ForEach(check => gate.Part(check.Host));

        void Leave(ScheduledCheck check)
        {
            gate.Leave(check.Host);
            idle.Add(check);
            Settle();
        }

        // Who was let in, of each host those who waited longest.
        void Settle()
        {
            foreach (var host in waiting.GroupBy(check => check.Host))
            {
                var admitted = host.TakeWhile(check => check.Place is null).Count();
                Assert.All(host.Skip(admitted), check => Assert.NotNull(check.Place));
            }

            var entered = waiting.Where(check => check.Place is null).ToList();
            entered.ForEach(_reactor.Forget);
            running.AddRange(entered);
            _ = waiting.RemoveAll(check => check.Place is null);
        }

        void Hold()
        {
            Assert.Equal((running.Count, waiting.Count), (gate.Running, gate.Queued));
            Assert.True(running.Count <= most);
            foreach (var host in running.Concat(waiting).Select(check => check.Host).Distinct())
            {
                var limit = host.Address is null ? programs : perHost;
                var under = running.Count(check => check.Host == host);
                Assert.Equal(under, host.Running);
                Assert.True(under <= limit);
                Assert.False(under < limit && running.Count < most && waiting.Exists(check => check.Host == host));
            }
        }
    }

    private ScheduledCheck Take(List<ScheduledCheck> from)
    {
        var at = _random.Next(from.Count);
        var check = from[at];
        from.RemoveAt(at);
        return check;
    }

    private ScheduledCheck Check(ProbeGate gate, int host) =>
        new(
            new ProbeTask
            {
                Probe = host == 0 ? new ExecProbe { Command = ["/bin/true"] } : new TcpProbe(),
                Address = new IPAddress([127, 0, 0, (byte)host]),
                Port = 80,
                Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(1),
                Rise = 1,
                Fall = 1,
            },
            Unasked,
            // It never gets a turn, and so needs no loop.
            new(null!, TimeProvider.System, _random, gate, this, new(), new())
        );

    private static Probe Unasked(IProbeOwner owner) => throw new NotSupportedException();
}

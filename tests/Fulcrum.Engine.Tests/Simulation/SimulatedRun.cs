using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>
/// The real engine among random events: configurations, news, operators, time, faults, crashes. What must hold is
/// asked after each. One seed is one run, and always the same.
/// </summary>
internal sealed class SimulatedRun
{
    private readonly Random _random;
    private readonly Faults _faults;
    private readonly bool _isFaulty;
    private int _step;
    private bool _hadNews;

    /// <param name="seed">All that happens.</param>
    /// <param name="prepare">Makes a liar of something, to see that it is found out.</param>
    public SimulatedRun(int seed, Action<SimulatedNode>? prepare = null)
    {
        _random = new(seed);
        _isFaulty = _random.Next(2) == 0;
        Node = new(RandomConfiguration.Node, seed, PlaneOffer.Proxy, PlaneOffer.Ipvs);
        _faults = new(_random, Node);
        Node.Told.Before = _faults.BeforeAsync;
        prepare?.Invoke(Node);
        Order = new(Node);
        Numbers = new(Node);
        Serving = new(Node);
        Operators = new(_random, Node, new(_random));
    }

    /// <summary>How everything is after each step is put among what the adapters were told.</summary>
    public bool IsTraced { get; init; }

    public SimulatedNode Node { get; }

    public OrderRules Order { get; }

    public NumberRules Numbers { get; }

    public ServingRules Serving { get; }

    public Operators Operators { get; }

    /// <summary>What rule was broken, and when; null: none.</summary>
    public string? Run()
    {
        _ = Rule.TakeBroken();
        Node.Start();
        var steps = _random.Next(30, 61);
        for (_step = 0; _step < steps; _step++)
        {
            _hadNews = Node.Engine.Inbox.News > 0;
            var what = Happen();
            Node.Told.Add($"{_step}: {what} at {Node.Time.Elapsed}");
            if (IsTraced)
            {
                Trace();
            }

            if (Broken(what) is { } broken)
            {
                return broken;
            }
        }

        return End();
    }

    private string? Broken(string what)
    {
        Operators.Check();
        // News that still gathered is carried out before what is asked for then: another change.
        Order.Check(isOneChange: Operators.Answers + (_hadNews ? 1 : 0) < 2);
        Numbers.Check();
        if (_faults.Calm)
        {
            Serving.Check();
        }

        Rule.Holds(Node.IsRunning, "the engine ended");
        return Rule.TakeBroken() is { } broken ? $"step {_step} ({what}): {broken}" : null;
    }

    private void Trace()
    {
        var state = Node.Engine.State;
        foreach (var vip in state.Vips.Values)
        {
            Node.Told.Add($"  vip {vip.Vip.Name} {List(vip.Vip.Addresses)} {vip.State}: {vip.Reason}");
        }

        foreach (var service in state.Services.Values)
        {
            var where = List(service.Service.Listeners);
            var how = service.Leaving ? "leaving" : service.Verdict.ToString();
            Node.Told.Add($"  service {service.Service.Name} {where} on {service.Carrier}, {how}: {service.Reason}");
        }

        var observed = state.Inputs.Observed.OfAddresses;
        Node.Told.Add($"  addresses wanted {List(state.Desired.Addresses.Keys)}, seen {List(observed.Objects.Keys)}");
        Node.Told.Add($"  in doubt {List(observed.InDoubt.Keys)}, there {List(Node.Addresses.Present)}");
        Node.Told.Add($"  planes {List(Node.Planes.Select(plane => List(plane.Table.Services.Keys)))}");
        Node.Told.Add($"  faults {_faults}");

        static string List<T>(IEnumerable<T> items) => $"[{string.Join(' ', items)}]";
    }

    private string? End()
    {
        _faults.Heal();
        Operators.Reapply();
        for (var i = 0; i < 10; i++)
        {
            Node.Advance(TimeSpan.FromSeconds(8));
            Operators.Reapply();
            if (Broken("healed") is { } broken)
            {
                return broken;
            }
        }

        Rule.Holds(!Operators.IsWaiting, "somebody still waits for an answer");
        Converged();
        var isGone = Node.Stop(TimeSpan.FromSeconds(20));
        Rule.Holds(isGone && Node.Addresses.Present.Count + Node.Announcements.Present.Count == 0, "something is left");
        return Rule.TakeBroken() is { } left ? $"at the end: {left}" : null;
    }

    private void Converged()
    {
        var desired = Node.Engine.State.Desired;
        var bad = Node.Engine.Status.FirstOrDefault(status => status.Condition != ObjectCondition.Standing);
        Rule.Holds(bad is null, $"{bad} has not come to rest");
        var addresses = Node.Addresses.Present.ToDictionary(item => item.Key);
        Rule.Holds(
            addresses.Count == desired.Addresses.Count
                && desired.Addresses.All(wanted => wanted.Value.Equals(addresses.GetValueOrDefault(wanted.Key))),
            "addresses are not as desired"
        );
        var told = Node.Announcements.Present.ToDictionary(item => item.Key);
        Rule.Holds(
            told.Count == desired.Announcements.Count
                && desired.Announcements.All(wanted => wanted.Value.Equals(told.GetValueOrDefault(wanted.Key))),
            "announcements are not as desired"
        );
        foreach (var plane in Node.Planes)
        {
            var isTold = ReferenceEquals(plane.Table, desired.TableOf(plane.Offer.Kind));
            Rule.Holds(isTold, $"{plane.Offer.Kind} has another table than desired");
        }

        Rule.Holds(ReferenceEquals(Node.Seekers.Probes, desired.Probes), "other probes than desired");
    }

    private string Happen()
    {
        switch (_random.Next(32))
        {
            case 0 or 1 or 2 or 3:
                Operators.ApplyAnother();
                return "file";
            case 4:
                Operators.ChangeObjects();
                return "api";
            case 5:
                Operators.Follow();
                return "cluster";
            case 6 or 7 or 8:
                Operators.Override();
                return "override";
            case 9:
                Operators.Clear();
                return "clear";
            case 10 or 11 or 12:
                Hear(Verdict.Unhealthy, 1);
                return "bad health";
            case 13 or 14 or 15 or 16:
                Hear(Verdict.Healthy, _random.Next(1, 20));
                return "good health";
            case 17:
                Rename();
                return "names";
            case 18 or 19:
                Elect();
                return "role";
            case 20:
                Complain();
                return "signal";
            case 21 when _isFaulty:
                _faults.Begin();
                return "fault";
            case 22 when _isFaulty:
                return $"disk fault {_faults.BeginOfDisk()}";
            case 23 or 24 when _isFaulty:
                _faults.Heal();
                return "healed";
            case 25:
                Meddle();
                return "meddling";
            case 26 when _random.Next(2) == 0:
                Crash();
                return "crash";
            default:
                Node.Advance(
                    TimeSpan.FromMilliseconds(_random.Next(4) == 0 ? _random.Next(20_000) : _random.Next(3_000))
                );
                return "time";
        }
    }

    private void Hear(Verdict verdict, int count)
    {
        var tasks = Node
            .Seekers.Probes.Keys.OrderBy(
                task => $"{task} {task.Name} {task.Mark} {task.Samples}",
                StringComparer.Ordinal
            )
            .ToList();
        for (var i = 0; i < count && tasks.Count > 0; i++)
        {
            var task = tasks[_random.Next(tasks.Count)];
            var health = new CheckHealth(verdict, Node.Time.GetUtcNow(), "said so", null)
            {
                GoodShare = task.Samples > 0 ? _random.Next(11) / 10.0 : null,
            };
            Node.Do(() => Node.Engine.OnHealth(task, health));
        }
    }

    private void Rename()
    {
        Items<IPAddress> found = _random.Next(3) == 0 ? [] : [new IPAddress([10, 0, 0, (byte)_random.Next(4, 8)])];
        Node.Do(() => Node.Engine.OnName(RandomConfiguration.HostName, found));
    }

    private void Elect()
    {
        var name = RandomConfiguration.Announcements[_random.Next(3)];
        var role = _random.Next(3) > 0 ? Role.Active : (Role)_random.Next(3);
        Node.Do(() => Node.Engine.OnRole(name, role));
    }

    private void Complain()
    {
        var upstream = RandomConfiguration.Upstreams[_random.Next(2)];
        var signal = new PassiveSignal(upstream, $"m{_random.Next(1, 6)}", Node.Time.GetUtcNow(), "failed");
        Node.Do(() => Node.Engine.OnSignal(signal));
    }

    private void Meddle()
    {
        if (Node.Addresses.Present.MinBy(_ => _random.Next()) is { } one)
        {
            Node.Addresses.Put(one with { Lifetime = TimeSpan.FromSeconds(_random.Next(99)) });
        }
    }

    private void Crash()
    {
        Node.Kill(_random);
        _faults.Crash();
        Order.Restart();
        Operators.Restart();
        Node.Start();
        if (_random.Next(4) > 0)
        {
            Operators.Reapply();
        }
    }
}

using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>Inputs to which anything happens, and what was decided about them so far. The adapters do some of it.</summary>
internal sealed class RandomInputs
{
    private readonly Random _random;
    private readonly Func<Snapshot, Snapshot> _trim;
    private readonly RandomConfiguration _configuration;
    private DerivedState _state = DerivedState.Initial;

    /// <param name="random">All that happens.</param>
    /// <param name="trim">Takes out of configurations what a test does not want.</param>
    public RandomInputs(Random random, Func<Snapshot, Snapshot> trim)
    {
        (_random, _trim, _configuration) = (random, trim, new(random));
        Configure(_configuration.Make());
    }

    public EngineInputs Inputs { get; private set; } =
        EngineInputs.Nothing with
        {
            Node = RandomConfiguration.Node,
            Planes = [PlaneOffer.Proxy, PlaneOffer.Ipvs],
        };

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    public Derivation Derive()
    {
        var derivation = Deriver.Derive(Inputs, _state, Now);
        _state = derivation.Next;
        return derivation;
    }

    /// <summary>So many things, each with its decision.</summary>
    public void Happen(int count)
    {
        for (var i = 0; i < count; i++)
        {
            switch (_random.Next(8))
            {
                case 0:
                    Configure(_configuration.Change(Inputs.Snapshot));
                    break;
                case 1:
                    Now += TimeSpan.FromMilliseconds(_random.Next(4_000));
                    break;
                case 2 or 3 or 4:
                    Observe();
                    break;
                case 5:
                    Items<IPAddress> found = _random.Next(2) == 0 ? [] : [new IPAddress([10, 0, 0, 7])];
                    Inputs = Inputs with { Names = Inputs.Names.With(RandomConfiguration.HostName, new(found)) };
                    break;
                default:
                    Inputs = News(_random.Next(1, 4)).Aggregate(Inputs, (before, tell) => tell(before));
                    break;
            }

            Derive();
        }
    }

    /// <summary>Every probe has its answer.</summary>
    public Derivation Know()
    {
        foreach (var task in Tasks().Where(task => Inputs.Health[task] is null or { Verdict: Verdict.Unknown }))
        {
            var health = new CheckHealth((Verdict)_random.Next(1, 3), Now, "said so", null);
            Inputs = Inputs with { Health = Inputs.Health.With(task, health) };
        }

        return Derive();
    }

    /// <summary>Verdicts, roles and decisions about different things, each for itself.</summary>
    /// <param name="count">At most.</param>
    /// <param name="known">Nothing becomes unknown by it.</param>
    public IReadOnlyList<Func<EngineInputs, EngineInputs>> News(int count, bool known = false)
    {
        var news = new Dictionary<object, Func<EngineInputs, EngineInputs>>();
        var tasks = Tasks().OrderBy(_ => _random.Next()).ToList();
        for (var i = 0; i < count; i++)
        {
            if (_random.Next(4) == 0)
            {
                var name = RandomConfiguration.Announcements[_random.Next(3)];
                var role = new RoleHeld((Role)_random.Next(3), Now);
                news[name] = inputs => inputs with { Roles = inputs.Roles.With(name, role) };
            }
            else if (_random.Next(4) == 0)
            {
                var decision = Decision(known ? _random.Next(1, 3) : _random.Next(3));
                var target = decision.Target;
                news[target] = inputs => inputs with { Overrides = inputs.Overrides.With(target, decision) };
            }
            else if (i < tasks.Count)
            {
                var task = tasks[i];
                var health = new CheckHealth((Verdict)_random.Next(known ? 1 : 0, 3), Now, "said so", null);
                news[task] = inputs => inputs with { Health = inputs.Health.With(task, health) };
            }
        }

        return [.. news.Values];
    }

    /// <summary>Every adapter has done what it was told.</summary>
    public static EngineInputs Carried(EngineInputs inputs, Desired desired) =>
        inputs with
        {
            Observed = new()
            {
                Planes = desired.Planes,
                Addresses = desired.Addresses,
                Announcements = desired.Announcements,
            },
        };

    private List<ProbeTask> Tasks() =>
        [
            .. _state.Desired.Probes.Keys.OrderBy(
                task => $"{task} {task.Name} {task.Mark} {task.Samples}",
                StringComparer.Ordinal
            ),
        ];

    private Override Decision(int action)
    {
        var upstream = RandomConfiguration.Upstreams[_random.Next(2)];
        var target = _random.Next(4) switch
        {
            0 => new OverrideTarget(OverrideTargetKind.Upstream, upstream),
            1 => new(OverrideTargetKind.Host, $"10.0.0.{_random.Next(1, 6)}"),
            2 => new(OverrideTargetKind.Node, RandomConfiguration.Node),
            _ => new(OverrideTargetKind.Backend, $"{upstream}/m{_random.Next(1, 6)}"),
        };
        return new()
        {
            Target = target,
            Action = (OverrideAction)action,
            Owner = "alice",
            Since = Now,
            Expires = _random.Next(2) == 0 ? null : Now + TimeSpan.FromSeconds(_random.Next(1, 9)),
        };
    }

    private void Configure(Snapshot snapshot)
    {
        snapshot = _trim(snapshot);
        if (!SnapshotValidator.Validate(snapshot).Any(finding => finding.Severity == Model.Problems.Severity.Error))
        {
            Inputs = Inputs with { Snapshot = snapshot };
        }
    }

    // The planes do what they are told; the others do it now, or later.
    private void Observe()
    {
        var desired = _state.Desired;
        Inputs = Inputs with
        {
            Observed = new()
            {
                Planes = desired.Planes,
                Addresses = _random.Next(2) == 0 ? desired.Addresses : Inputs.Observed.Addresses,
                Announcements = _random.Next(2) == 0 ? desired.Announcements : Inputs.Observed.Announcements,
            },
        };
    }
}

using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

/// <summary>An upstream of any configuration to which anything happens.</summary>
internal sealed class RandomScene(Random random)
{
    private static readonly string[] Amounts = ["0", "1", "2", "3", "0%", "30%", "50%", "60%", "100%"];

    public Scene Scene { get; } = Make(random);

    /// <summary>Something happens, or time passes.</summary>
    public void Step()
    {
        Scene.Now += TimeSpan.FromMilliseconds(random.Next(3) * random.Next(8000));
        switch (random.Next(12))
        {
            case 0:
                Scene.Upstream = Scene.Upstream with { Backends = Backends(random) };
                break;
            case 1:
                Scene.Change(AnyId(), one => Vary(one, random));
                break;
            case 2:
                Scene.Remove(AnyId());
                break;
            case 3:
                Decide();
                break;
            case 4:
                Forget();
                break;
            case 5:
                Complain();
                break;
            case 6:
                Rename();
                break;
            case 7:
                Scene.Policy = Policy(random);
                break;
            default:
                Hear();
                break;
        }
    }

    private static Scene Make(Random random)
    {
        var scene = new Scene("", Policy(random)) { Drain = Drain(random) };
        scene.Upstream = scene.Upstream with
        {
            Backends = Backends(random),
            Recovery = random.Next(4) switch
            {
                0 => null,
                1 => new() { Mode = RecoveryMode.SlowStart, Ramp = TimeSpan.FromSeconds(random.Next(20)) },
                2 => new() { Mode = RecoveryMode.History, Samples = 10 },
                _ => new(),
            },
            Eject =
                random.Next(2) == 0
                    ? null
                    : new() { For = TimeSpan.FromSeconds(1 + random.Next(9)), AtMost = Amount(random) },
        };
        return scene;
    }

    private static Policy Policy(Random random) =>
        new()
        {
            Checks = Items.From(
                new Check[]
                {
                    new() { Probe = new TcpProbe() },
                    new() { Probe = new HttpProbe() },
                }.Take(random.Next(3))
            ),
            Healthy =
                random.Next(3) == 0
                    ? null
                    : new()
                    {
                        AtLeast = Amount(random),
                        KeepWhile = random.Next(2) == 0 ? null : Amount(random),
                        WhenNone = (WhenNone)random.Next(2),
                    },
        };

    private static DrainOptions Drain(Random random) =>
        new() { Deadline = TimeSpan.FromSeconds(random.Next(15)), Remembered = (RememberedClients)random.Next(2) };

    private static Items<Backend> Backends(Random random) =>
        Items.From(
            Enumerable
                .Range(0, random.Next(7))
                .Select(i => Vary(new() { Name = Scene.Id(i), Address = Home(i) }, random))
        );

    private static HostAddress Home(int i) => HostAddress.Of(new IPAddress([10, 0, 0, (byte)(i + 1)]));

    private static Backend Vary(Backend backend, Random random) =>
        backend with
        {
            Port = random.Next(9) == 0 ? null : 80,
            Address = random.Next(9) == 0 ? HostAddress.Of("n.example.com") : Home(backend.Id[0] - 'a'),
            Weight = random.Next(4),
            Priority = random.Next(9) == 0 ? 1 : 0,
            Status = (BackendStatus)(random.Next(6) == 0 ? 1 + random.Next(2) : 0),
            State = (BackendState)(random.Next(6) == 0 ? 1 + random.Next(2) : 0),
        };

    private static Amount Amount(Random random) => Scene.Amount(Amounts[random.Next(Amounts.Length)]);

    private string AnyId() => Scene.Id(random.Next(7));

    private void Hear()
    {
        var probes = Scene.Last?.Probes ?? [];
        if (!probes.IsEmpty)
        {
            var health = new CheckHealth((Verdict)random.Next(3), Scene.Now, "said so", null)
            {
                GoodShare = random.Next(2) == 0 ? null : random.Next(11) / 10.0,
                Score = random.Next(9) == 0 ? random.Next(11) / 10.0 : null,
            };
            var task = probes[random.Next(probes.Count)];
            Scene.Inputs = Scene.Inputs with { Health = Scene.Inputs.Health.With(task, health) };
        }
    }

    private void Decide() =>
        Scene.Override(
            (OverrideTargetKind)(1 + random.Next(3)),
            Target(),
            (OverrideAction)random.Next(4),
            random.Next(4),
            random.Next(2) == 0 ? null : (Scene.Now - Scene.Start).TotalSeconds + random.Next(-2, 10)
        );

    private string Target() =>
        random.Next(3) switch
        {
            0 => $"web/{AnyId()}",
            1 => $"10.0.0.{1 + random.Next(7)}",
            _ => "web",
        };

    private void Forget()
    {
        foreach (var target in Scene.Inputs.Overrides.Keys.Where(_ => random.Next(2) == 0))
        {
            Scene.Inputs = Scene.Inputs with { Overrides = Scene.Inputs.Overrides.Without(target) };
        }
    }

    private void Complain()
    {
        var id = AnyId();
        var signal = new PassiveSignal(Scene.Name, id, Scene.Now, "bad");
        Scene.Inputs = Scene.Inputs with { Passive = Scene.Inputs.Passive.With($"web/{id}", signal) };
    }

    private void Rename()
    {
        NameAddresses addresses = new(random.Next(2) == 0 ? [] : [new IPAddress([10, 9, 9, (byte)random.Next(2)])]);
        Scene.Inputs = Scene.Inputs with { Names = Scene.Inputs.Names.With("n.example.com", addresses) };
    }
}

using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class UpstreamPropertyTests
{
    private const int Worlds = 200;
    private const int Events = 40;

    [Fact]
    public void Deciding_twice_is_deciding_once() =>
        Explore(scene =>
        {
            var decided = scene.Decide();
            Assert.Same(decided, scene.Decide());
        });

    [Fact]
    public void Until_it_wakes_nothing_changes() =>
        Explore(scene =>
        {
            var decided = scene.Decide();
            Assert.False(decided.WakeAt <= scene.Now, $"wakes at {decided.WakeAt}, now {scene.Now}");
            var now = scene.Now;
            scene.Now = (decided.WakeAt ?? now.AddDays(1000)).AddTicks(-1);
            var later = scene.Decide();
            Assert.Same(decided.Plane, later.Plane);
            Assert.Equal(
                (decided.Verdict, decided.Reason, decided.WakeAt),
                (later.Verdict, later.Reason, later.WakeAt)
            );
            Assert.Equal(decided.Facts, later.Facts);
            scene.Now = now;
            scene.Last = decided;
        });

    [Fact]
    public void What_is_equal_is_the_same_object() =>
        Explore(scene =>
        {
            var before = scene.Last?.Plane.Backends.ToList() ?? [];
            var (was, after) = (scene.Last, scene.Decide());
            for (var i = 0; i < after.Plane.Backends.Count; i++)
            {
                var backend = after.Plane.Backends[i];
                var at = before.FindIndex(one =>
                    (one.Id, one.Address, one.Port) == (backend.Id, backend.Address, backend.Port)
                );
                if (at >= 0)
                {
                    AssertShared(was!.Plane.Backends[at], backend);
                    AssertShared(was.Facts[at], after.Facts[i]);
                    AssertShared(was.Memory.Members[at], after.Memory.Members[i]);
                    foreach (var task in after.Memory.Members[i].Probes)
                    {
                        Assert.All(
                            was.Memory.Members[at].Probes.AsSpan().ToArray(),
                            former => AssertShared(former, task)
                        );
                    }
                }
            }

            static void AssertShared<T>(T before, T after)
                where T : class => Assert.True(!before.Equals(after) || ReferenceEquals(before, after));
        });

    [Fact]
    public void Facts_and_memories_stand_beside_their_backends() =>
        Explore(scene =>
        {
            var decided = scene.Decide();
            var ids = decided.Plane.Backends.Select(backend => backend.Id).ToList();
            Assert.Equal(ids, decided.Facts.Select(fact => fact.Id));
            Assert.Equal(ids, decided.Memory.Members.Select(memory => memory.Id));
        });

    [Fact]
    public void Only_who_may_serve_serves() =>
        Explore(scene =>
        {
            var decided = scene.Decide();
            var able = decided.Facts.Zip(decided.Plane.Backends).Count(pair => IsAble(scene, pair.First, pair.Second));
            foreach (var (fact, backend) in decided.Facts.Zip(decided.Plane.Backends))
            {
                if (backend.Duty != BackendDuty.Serve)
                {
                    continue;
                }

                Assert.NotEqual(Verdict.Unhealthy, decided.Verdict);
                Assert.True(IsOn(scene, backend), $"{fact} is off");
                Assert.NotNull(backend.Address);
                Assert.True(backend.Weight > 0 && fact.Weight > 0);
                if (fact.Reason is FailsOpen)
                {
                    Assert.Equal((WhenNone.All, 0), (scene.Policy.Healthy!.WhenNone, able));
                }
                else
                {
                    Assert.True(IsAble(scene, fact, backend), $"{fact} is not able");
                }
            }
        });

    [Fact]
    public void Who_drains_knows_until_when() =>
        Explore(scene =>
            Assert.All(
                scene.Decide().Plane.Backends,
                backend =>
                {
                    Assert.Equal(backend.Duty == BackendDuty.Drain, backend.DrainUntil is not null);
                    Assert.True(!backend.AdmitsRemembered || backend.DrainUntil > scene.Now);
                }
            )
        );

    [Fact]
    public void The_order_in_which_checks_answer_does_not_matter()
    {
        var random = Seeds.NewRandom();
        for (var world = 0; world < Worlds; world++)
        {
            var scene = new RandomScene(random).Scene;
            var (start, inputs) = (scene.Decide(), scene.Inputs);
            var news = start
                .Probes.Distinct()
                .Where(_ => random.Next(4) > 0)
                .Select(task =>
                    (Task: task, Health: new CheckHealth((Verdict)random.Next(3), scene.Now, "said so", null))
                )
                .ToArray();
            var one = Hear();
            random.Shuffle(news);
            var other = Hear();
            Assert.Equal(one.Plane, other.Plane);
            Assert.Equal((one.Verdict, one.Facts), (other.Verdict, other.Facts));

            DerivedUpstream Hear()
            {
                (scene.Last, scene.Inputs) = (start, inputs);
                foreach (var (task, health) in news)
                {
                    scene.Inputs = scene.Inputs with { Health = scene.Inputs.Health.With(task, health) };
                    _ = scene.Decide();
                }

                return scene.Last;
            }
        }
    }

    [Fact]
    public void A_share_only_grows_on_the_way_back()
    {
        var random = Seeds.NewRandom();
        for (var world = 0; world < Worlds; world++)
        {
            var ramp = TimeSpan.FromMilliseconds(1 + random.Next(60_000));
            var scene = new Scene("H H H");
            scene.Upstream = scene.Upstream with
            {
                Recovery = new() { Mode = RecoveryMode.SlowStart, Ramp = ramp },
            };
            scene.Change("b", one => one with { Weight = 1 + random.Next(100) });
            _ = scene.Answered().Decide();
            scene.Say("b", Verdict.Unhealthy);
            _ = scene.Decide();
            scene.Say("b", Verdict.Healthy);
            var others = (scene.Plane("a"), scene.Plane("c"));
            var (last, full) = (0, scene.Plane("b").Weight);
            for (var elapsed = TimeSpan.Zero; elapsed < ramp; elapsed += ramp * random.NextDouble() / 10)
            {
                scene.Now = Scene.Start + elapsed;
                _ = scene.Decide();
                Assert.InRange(scene.Plane("b").Weight, Math.Max(1, last), full);
                Assert.Equal(others, (scene.Plane("a"), scene.Plane("c")));
                last = scene.Plane("b").Weight;
            }

            scene.Now = Scene.Start + ramp;
            _ = scene.Decide();
            Assert.Equal(full, scene.Plane("b").Weight);
        }
    }

    private static void Explore(Action<Scene> decide)
    {
        var random = Seeds.NewRandom();
        for (var world = 0; world < Worlds; world++)
        {
            var any = new RandomScene(random);
            for (var i = 0; i < Events; i++)
            {
                decide(any.Scene);
                any.Step();
            }
        }
    }

    private static bool IsAble(Scene scene, BackendFact fact, PlaneBackend backend) =>
        IsOn(scene, backend) && backend.Address is not null && fact.Verdict != Verdict.Unhealthy;

    // Said anew, from the inputs alone: configured, not on its way out, and nobody's last word against it.
    private static bool IsOn(Scene scene, PlaneBackend backend)
    {
        var configured = scene.Upstream.Backends.FirstOrDefault(one =>
            one.Id == backend.Id && one.Status != BackendStatus.Planned
        );
        if (configured is not { State: not BackendState.Terminating } || backend.Duty == BackendDuty.Drain)
        {
            return false;
        }

        OverrideTarget[] targets =
        [
            new(OverrideTargetKind.Backend, $"web/{backend.Id}"),
            new(OverrideTargetKind.Host, backend.Address?.ToString() ?? ""),
            new(OverrideTargetKind.Upstream, "web"),
        ];
        var word = targets
            .Select(target => scene.Inputs.Overrides[target])
            .FirstOrDefault(word =>
                word?.Action is not (null or OverrideAction.Weight) && !(word.Expires <= scene.Now)
            );
        return word is null ? configured.Status == BackendStatus.Enabled : word.Action == OverrideAction.Enable;
    }
}

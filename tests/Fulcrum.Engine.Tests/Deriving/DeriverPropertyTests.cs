using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Tests.Simulation;
using Fulcrum.Model;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Deriving;

public sealed class DeriverPropertyTests
{
    [Fact]
    public void Nothing_new_is_nothing_decided()
    {
        foreach (var world in Worlds(60))
        {
            var once = world.Derive();
            var again = Deriver.Derive(world.Inputs, once.Next, world.Now);
            Assert.Same(once.Desired, again.Desired);
            Assert.Same(once.Next, again.Next);
        }
    }

    /// <summary>What news does not touch would come out the same: deciding everything anew finds nothing.</summary>
    [Fact]
    public void Step_by_step_is_as_good_as_from_scratch()
    {
        foreach (var world in Worlds(60))
        {
            var step = world.Derive();
            var whole = Deriver.Derive(world.Inputs, step.Next with { Inputs = EngineInputs.Nothing }, world.Now);
            Equal(step.Desired, whole.Desired);
        }
    }

    /// <summary>
    /// Whichever way it came, it ends the same once the adapters have done what they were told. On the way it need not be
    /// the same: what stands or leaves remembers in whose company it did so.
    /// </summary>
    [Fact]
    public void The_order_of_news_does_not_matter()
    {
        var moved = 0;
        foreach (var world in Worlds(30, Memoryless))
        {
            var start = world.Know();
            var news = world.News(6, known: true);
            var together = Deriver.Derive(Told(world.Inputs, news), start.Next, world.Now);
            var settled = Settled(world, together.Next);
            Equal(settled, Settled(world, OneByOne(world, start.Next, news)));
            Equal(settled, Settled(world, OneByOne(world, start.Next, news.Reverse())));
            moved += ReferenceEquals(together.Desired, start.Desired) ? 0 : 1;
        }

        Assert.True(moved > 0, "no news mattered");
    }

    private static EngineInputs Told(EngineInputs inputs, IEnumerable<Func<EngineInputs, EngineInputs>> news) =>
        news.Aggregate(inputs, (before, tell) => tell(before));

    private static DerivedState OneByOne(
        RandomInputs world,
        DerivedState state,
        IEnumerable<Func<EngineInputs, EngineInputs>> news
    )
    {
        foreach (var tell in news)
        {
            state = Deriver.Derive(tell(state.Inputs), state, world.Now).Next;
        }

        return state;
    }

    /// <summary>What is wanted when all that was wanted stands.</summary>
    private static Desired Settled(RandomInputs world, DerivedState state)
    {
        for (var round = 0; round < 20; round++)
        {
            var next = Deriver.Derive(RandomInputs.Carried(state.Inputs, state.Desired), state, world.Now).Next;
            if (ReferenceEquals(next.Desired, state.Desired))
            {
                return next.Desired;
            }

            state = next;
        }

        throw new InvalidOperationException("what is wanted does not come to rest");
    }

    private static SessionOptions AtOnce { get; } = new() { Drain = new() { Deadline = TimeSpan.Zero } };

    /// <summary>
    /// Without what remembers how it got where it is, and without numbers, which go to who comes first. What is not
    /// known yet is memory, too: until it is, what stands is kept.
    /// </summary>
    private static Snapshot Memoryless(Snapshot snapshot) =>
        snapshot with
        {
            Vips = Named<Vip>.From(snapshot.Vips.Select(vip => vip with { Linger = TimeSpan.Zero })),
            Services = Named<Service>.From(
                snapshot.Services.Select(service => service with { Policy = Policy.Unset, Sessions = AtOnce })
            ),
            Upstreams = Named<Upstream>.From(
                snapshot.Upstreams.Select(upstream =>
                    upstream with
                    {
                        Recovery = null,
                        Eject = null,
                        Policy = upstream.Policy with
                        {
                            Healthy = upstream.Policy.Healthy is { } marks ? marks with { KeepWhile = null } : null,
                        },
                    }
                )
            ),
        };

    private static void Equal(Desired expected, Desired actual)
    {
        foreach (var kind in expected.Planes.Keys.Union(actual.Planes.Keys))
        {
            Assert.Equal<Map<string, PlaneService>>(expected.TableOf(kind).Services, actual.TableOf(kind).Services);
        }

        Assert.Equal<Map<ProbeTask, ProbeTask>>(expected.Probes, actual.Probes);
        Assert.Equal<Map<string, string>>(expected.Names, actual.Names);
        Assert.Equal<Map<IPAddress, RaisedAddress>>(expected.Addresses, actual.Addresses);
        Assert.Equal<Map<AnnouncementKey, AnnouncedAddress>>(expected.Announcements, actual.Announcements);
    }

    private static IEnumerable<RandomInputs> Worlds(int steps, Func<Snapshot, Snapshot>? trim = null)
    {
        var random = Seeds.NewRandom();
        for (var i = 0; i < Soak.Count(2_000); i++)
        {
            var world = new RandomInputs(random, trim ?? (snapshot => snapshot));
            for (var step = 0; step < steps; step += 10)
            {
                world.Happen(10);
                yield return world;
            }
        }
    }
}

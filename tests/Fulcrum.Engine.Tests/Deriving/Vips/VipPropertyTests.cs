using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

public sealed class VipPropertyTests
{
    [Fact]
    public void Whatever_happens_the_rules_hold()
    {
        var random = Seeds.NewRandom();
        var (announced, lingered, moved) = (0, 0, 0);
        for (var run = 0; run < Soak.Count(2_000); run++)
        {
            var happenings = new RandomWorld(random);
            var world = happenings.World;
            for (var step = 0; step < 60; step++)
            {
                happenings.Happen();
                var before = world.Section;
                var after = world.Decide().Section;
                Assert.Same(after, world.Decide().Section);
                AddressesComeAndGoInOrder(before, world);
                OnlyWhatStandsIsAnnounced(world);
                FromScratchIsEqual(before, world);
                WhatIsEqualIsTheSame(before, after);
                announced += after.Announcements.Values.Count(told => told.Phase == AnnouncementPhase.Announce);
                lingered += after.Decided.Values.Count(address => address.LingersUntil is not null);
                moved += after.Vips.Values.Count(vip => vip.Reason is SharesAddress);
            }
        }

        Assert.True(announced > 0 && lingered > 0 && moved > 0, "nothing happened");
    }

    private static void OnlyWhatStandsIsAnnounced(VipWorld world)
    {
        foreach (var told in world.Section.Announcements.Values)
        {
            var stands = world.Inputs.Observed.Addresses.ContainsKey(told.Key.Address);
            var wanted = world.Section.Decided[told.Key.Address] is { Wanted: true, Raised: not null };
            Assert.True(told.Phase == AnnouncementPhase.Stand || (stands && wanted), $"{told.Key} is not there");
            Assert.True(
                told.Phase == AnnouncementPhase.Announce || told.Spec is VrrpAnnouncement or NeighborAnnouncement
            );
        }
    }

    private static void AddressesComeAndGoInOrder(VipSection before, VipWorld world)
    {
        var observed = world.Inputs.Observed;
        foreach (var (address, was, now) in world.Section.Addresses.ChangesSince(before.Addresses))
        {
            var vips = world
                .Section.Vips.Values.Where(vip => vip.Vip.Addresses.Any(at => at.Address.Equals(address)))
                .ToList();
            if (was is null && !observed.Addresses.ContainsKey(address))
            {
                // Nothing comes but for a vip whose services are good and whose role is this node's.
                Assert.Contains(vips, vip => vip is { State: VipState.Raising, Role: Role.Active });
            }

            var made = observed.Announcements.Values.Where(told => told.Phase == AnnouncementPhase.Announce);
            if (
                now is null
                && observed.Addresses.ContainsKey(address)
                && made.Any(told => told.Key.Address.Equals(address))
            )
            {
                // Nothing goes before its announcements, but for another node that has it.
                Assert.NotEmpty(vips);
                Assert.DoesNotContain(vips, vip => vip.Role == Role.Active);
            }
        }
    }

    /// <summary>One decision about everything, with the same memory, is what many decisions about changes came to.</summary>
    private static void FromScratchIsEqual(VipSection before, VipWorld world)
    {
        var standing = world.Inputs.Observed.Addresses;
        var remembered = before.Decided.Where(pair => pair.Value.Memory is not null && standing.ContainsKey(pair.Key));
        var memory = remembered.Select(pair =>
            KeyValuePair.Create(pair.Key, new DerivedAddress { Memory = pair.Value.Memory, Wanted = true })
        );
        var scratch = (VipSection.Initial with { Decided = Map<IPAddress, DerivedAddress>.From(memory) }).Next(
            EngineInputs.Nothing,
            world.Inputs,
            Map<string, DerivedService>.Empty,
            world.Services,
            world.Now
        );
        Assert.Equal(scratch.Addresses, world.Section.Addresses);
        Assert.Equal(scratch.Announcements, world.Section.Announcements);
        Assert.Equal(scratch.Vips, world.Section.Vips);
        Assert.Equal(scratch.Decided, world.Section.Decided);
        Assert.Equal(scratch.WakeAt, world.Section.WakeAt);
    }

    private static void WhatIsEqualIsTheSame(VipSection before, VipSection after)
    {
        Assert.DoesNotContain(after.Vips.ChangesSince(before.Vips), change => change.Before == change.After);
        Assert.DoesNotContain(after.Addresses.ChangesSince(before.Addresses), change => change.Before == change.After);
        Assert.DoesNotContain(
            after.Announcements.ChangesSince(before.Announcements),
            change => change.Before == change.After
        );
        Assert.True(!after.Vips.Equals(before.Vips) || ReferenceEquals(after.Vips, before.Vips));
        Assert.True(!after.Addresses.Equals(before.Addresses) || ReferenceEquals(after.Addresses, before.Addresses));
        Assert.True(
            !after.Announcements.Equals(before.Announcements)
                || ReferenceEquals(after.Announcements, before.Announcements)
        );
    }
}

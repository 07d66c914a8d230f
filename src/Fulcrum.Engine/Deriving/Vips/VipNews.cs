using System.Net;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>Looks for what is new since the last decision, and keeps the index; finds whom it may matter to.</summary>
internal sealed class VipNews(VipSection section, EngineInputs before, EngineInputs inputs)
{
    /// <summary>The section with its index as it is now, and nothing decided yet.</summary>
    public VipSection Section { get; private set; } = section;

    public HashSet<string> Vips { get; } = new(StringComparer.Ordinal);

    public HashSet<IPAddress> Addresses { get; } = [];

    public void OfNode(DateTimeOffset now)
    {
        if (
            Section.Node is null
            || inputs.Node != before.Node
            || inputs.Stopping != before.Stopping
            || !ReferenceEquals(inputs.Snapshot.Nodes, before.Snapshot.Nodes)
            || !ReferenceEquals(inputs.Overrides, before.Overrides)
            || Section.Node.WakeAt <= now
        )
        {
            var node = NodeStance.Of(inputs, now);
            if (node != Section.Node)
            {
                Section = Section with { Node = node };
                Vips.UnionWith(Section.Claims.Keys);
            }
        }
    }

    public void OfSnapshot()
    {
        foreach (var change in inputs.Snapshot.Announcements.ChangesSince(before.Snapshot.Announcements))
        {
            Section = Section with { Selections = Section.Selections.Changed(change) };
            foreach (var announcement in new[] { change.Before, change.After }.OfType<Announcement>())
            {
                Vips.UnionWith(announcement.Select.Vip is { IsEmpty: false } named ? named : Section.Claims.Keys);
            }
        }

        if (ReferenceEquals(inputs.Snapshot.Vips, before.Snapshot.Vips))
        {
            return;
        }

        foreach (var change in inputs.Snapshot.Vips.ChangesSince(before.Snapshot.Vips))
        {
            Section = Section with { Index = Section.Index.With(change) };
            Vips.Add(change.Key);
            Addresses.UnionWith((change.Before?.Addresses ?? []).Select(at => at.Address));
        }

        // Perhaps only their order changed.
        Addresses.UnionWith(Section.Index.Shared.Keys);
    }

    public void OfServices(Map<string, DerivedService> servicesBefore, Map<string, DerivedService> services)
    {
        foreach (var (name, old, now) in services.ChangesSince(servicesBefore))
        {
            if (old?.Service.Listeners != now?.Service.Listeners)
            {
                Section = Section with { Index = Section.Index.With(name, old?.Service, now?.Service) };
            }

            if (Matters(old, now))
            {
                Touch(old);
                Touch(now);
            }
        }
    }

    public void OfPlanes(Map<string, DerivedService> services)
    {
        foreach (var plane in inputs.Observed.Planes.ChangesSince(before.Observed.Planes))
        {
            var was = plane.Before?.Services ?? Map<string, Ports.PlaneService>.Empty;
            var has = plane.After?.Services ?? Map<string, Ports.PlaneService>.Empty;
            foreach (var change in has.ChangesSince(was))
            {
                if (change.Before is null || change.After is null)
                {
                    Touch(services[change.Key]);
                }
            }
        }
    }

    public void OfRoles()
    {
        foreach (var change in inputs.Roles.ChangesSince(before.Roles))
        {
            Vips.UnionWith(Section.Index.Selected.Of(change.Key));
        }
    }

    public void OfAddresses(DateTimeOffset now)
    {
        Addresses.UnionWith(Section.Lingering.DueBy(now));
        foreach (var change in inputs.Observed.Addresses.ChangesSince(before.Observed.Addresses))
        {
            Addresses.Add(change.Key);
        }

        var (doubtful, was) = (inputs.Observed.OfAddresses.InDoubt, before.Observed.OfAddresses.InDoubt);
        Addresses.UnionWith(doubtful.ChangesSince(was).Select(change => change.Key));
        foreach (var change in inputs.Observed.Announcements.ChangesSince(before.Observed.Announcements))
        {
            Section = Section with { Index = Section.Index.With(change) };
            Addresses.Add(change.Key.Address);
        }
    }

    private void Touch(DerivedService? service)
    {
        if (service is not null)
        {
            Vips.UnionWith(Section.Index.VipsNear(service.Service));
        }
    }

    // A service is another object whenever one of its backends is: a vip sees little of that.
    private static bool Matters(DerivedService? old, DerivedService? now) =>
        old is null
        || now is null
        || old.Verdict != now.Verdict
        || old.Carrier != now.Carrier
        || old.Leaving != now.Leaving
        || old.Reason is NotConfigured != now.Reason is NotConfigured
        || old.Service.Listeners != now.Service.Listeners
        || !old.Service.Labels.Equals(now.Service.Labels);
}

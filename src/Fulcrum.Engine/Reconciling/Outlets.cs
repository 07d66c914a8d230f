using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>Where decisions go: every adapter with its driver.</summary>
internal sealed class Outlets
{
    private readonly IReadOnlyList<PlaneDriver> _planes;
    private readonly NodePorts _ports;
    private readonly ObjectDriver<IPAddress, RaisedAddress>? _addresses;
    private readonly ObjectDriver<AnnouncementKey, AnnouncedAddress>? _announcements;
    private readonly ObjectDriver<string, Interface>? _interfaces;
    private Desired _told = Desired.Nothing;

    public Outlets(
        IReadOnlyList<PlaneDriver> planes,
        NodePorts ports,
        Inbox inbox,
        EventLog events,
        TimeProvider time,
        Backoff backoff,
        ILogger log
    )
    {
        _planes = planes;
        _ports = ports;
        _interfaces = ports.Interfaces is { } interfaces
            ? new("interface", interfaces, item => item.Name, _ => { }, null, events, time, backoff, log)
            : null;
        _addresses = ports.Addresses is { } addresses
            ? new("address", addresses, address => address.Key, inbox.Add, null, events, time, backoff, log)
            : null;
        _announcements = ports.Announcer is { } announcer
            ? new("announcement", announcer, announced => announced.Key, inbox.Add, Loudest, events, time, backoff, log)
            : null;
    }

    public IEnumerable<IObjectDriver> Drivers =>
        new IObjectDriver?[] { _interfaces, _addresses, _announcements }.OfType<IObjectDriver>();

    public IReadOnlyList<ObjectStatus> Status =>
        [.. _planes.Select(plane => plane.Status), .. Drivers.SelectMany(driver => driver.Status)];

    /// <summary>When a plane that refused its table is to be asked again.</summary>
    public DateTimeOffset? RetryAt => _planes.Min(plane => plane.RetryAt);

    /// <summary>The tables that the planes work by.</summary>
    public Map<PlaneKind, PlaneTable> TablesAfter(Map<PlaneKind, PlaneTable> before)
    {
        foreach (var plane in _planes)
        {
            before = before.With(plane.Kind, plane.Told);
        }

        return before;
    }

    /// <summary>
    /// Every plane takes its table, or none does and it throws. What makes the change durable is done when all are
    /// ready, and before the first switches over.
    /// </summary>
    public async ValueTask ChangeAsync(Desired desired, Func<Task> keep, CancellationToken cancellation)
    {
        var ready = new List<(PlaneDriver Plane, IPreparedTable Prepared)>();
        try
        {
            foreach (var plane in _planes)
            {
                if (await plane.PrepareAsync(desired.TableOf(plane.Kind), cancellation) is { } prepared)
                {
                    ready.Add((plane, prepared));
                }
            }

            await keep();
            foreach (var (plane, prepared) in ready)
            {
                await plane.CommitAsync(desired.TableOf(plane.Kind), prepared);
            }
        }
        finally
        {
            foreach (var (_, prepared) in ready)
            {
                await prepared.DisposeAsync();
            }
        }
    }

    /// <summary>Every plane takes its table if it can; one that cannot holds up nobody.</summary>
    public async ValueTask FollowAsync(Desired desired, CancellationToken cancellation)
    {
        foreach (var plane in _planes)
        {
            await plane.FollowAsync(desired.TableOf(plane.Kind), cancellation);
        }
    }

    // While it is made or taken back it may be heard.
    private static AnnouncedAddress Loudest(AnnouncedAddress one, AnnouncedAddress other) =>
        one.Phase >= other.Phase ? one : other;

    public void Changed(AppliedChange change) => _ports.Changes?.OnApplied(change);

    /// <summary>
    /// What stands and is announced, and stays so until <see cref="Tell"/> or <see cref="Release"/>: a decision must
    /// not be overtaken by what a former one still has under way.
    /// </summary>
    public Observed Hold(Observed observed)
    {
        var addresses = _addresses?.Hold() ?? observed.OfAddresses;
        var announcements = _announcements?.Hold() ?? observed.OfAnnouncements;
        return
            ReferenceEquals(addresses, observed.OfAddresses) && ReferenceEquals(announcements, observed.OfAnnouncements)
            ? observed
            : observed with
            {
                OfAddresses = addresses,
                OfAnnouncements = announcements,
            };
    }

    /// <summary>Nothing was decided: all go on as they were told before.</summary>
    public void Release()
    {
        _addresses?.Release();
        _announcements?.Release();
    }

    /// <summary>Tells all that cannot refuse: they try for themselves until they have it.</summary>
    /// <param name="desired">All of it.</param>
    /// <param name="observed">What it was decided on.</param>
    public void Tell(Desired desired, Observed observed)
    {
        if (!ReferenceEquals(desired.Probes, _told.Probes))
        {
            _ports.Prober.Apply(desired.Probes);
        }

        if (!ReferenceEquals(desired.Names, _told.Names))
        {
            _ports.Resolver.Apply(desired.Names);
        }

        if (!ReferenceEquals(desired.Discoveries, _told.Discoveries))
        {
            _ports.Discovery?.Apply(desired.Discoveries);
        }

        _interfaces?.Want(desired.Interfaces, seen: null);
        _addresses?.Want(desired.Addresses, observed.OfAddresses);
        _announcements?.Want(desired.Announcements, observed.OfAnnouncements);
        _told = desired;
    }
}

using System.Net;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit.Simulation;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>
/// Service, address, announcement come in this order and go in reverse. What is really there is asked, and not what
/// the engine believes; what it could not know of yet is not held against it.
/// </summary>
internal sealed class OrderRules
{
    private readonly SimulatedNode _node;
    private readonly HashSet<object> _known = [];
    private Dictionary<(PlaneKind Plane, string Name), PlaneService> _carried = [];
    private readonly Dictionary<string, HashSet<IPAddress>> _stoodWhenGone = [];

    public OrderRules(SimulatedNode node)
    {
        _node = node;
        node.Told.After = Notice;
        var (addresses, announcer) = (node.AddressPort, node.AnnouncerPort);
        node.AddressPort = port => new Watched<RaisedAddress>(
            addresses(port),
            Raises,
            Lowers,
            item => _known.Add(item.Key)
        );
        node.AnnouncerPort = port => new Watched<AnnouncedAddress>(
            announcer(port),
            Tells,
            _ => { },
            item => _known.Add(item.Key)
        );
    }

    /// <summary>How often an announcement was made, and an address raised and taken away.</summary>
    public (int Told, int Raised, int Lowered) Seen { get; private set; }

    /// <summary>Another process: it knows nothing, and its planes carry nothing.</summary>
    public void Restart()
    {
        _known.Clear();
        _stoodWhenGone.Clear();
        _carried.Clear();
    }

    /// <summary>When nothing happens any more: services that went did so after their addresses.</summary>
    /// <param name="isOneChange">Else what kept an address when its service went is known no more.</param>
    public void Check(bool isOneChange)
    {
        var now = _node
            .Planes.SelectMany(plane => plane.Table.Services.Select(pair => ((plane.Offer.Kind, pair.Key), pair.Value)))
            .ToDictionary();
        var names = now.Keys.Select(key => key.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var ((_, name), service) in _carried.Where(pair => !names.Contains(pair.Key.Name)))
        {
            if (isOneChange && WasTakenOut(name))
            {
                foreach (var address in _stoodWhenGone.GetValueOrDefault(name, []).Where(_known.Contains))
                {
                    Rule.Holds(
                        !Listens(service.Listeners.Select(one => one.Listener), address) || IsKept(name, address),
                        $"service {name} went while {address} stands"
                    );
                }
            }
        }

        // One that a plane only fails to let go was given up before, when none of its addresses stood.
        _carried = now.Where(pair => IsWanted(pair.Key.Kind, pair.Key.Key)).ToDictionary();
        _stoodWhenGone.Clear();
    }

    private void Notice(string entry)
    {
        const string Gone = ": - service ";
        if (entry.IndexOf(Gone, StringComparison.Ordinal) is > 0 and var at)
        {
            _stoodWhenGone[entry[(at + Gone.Length)..]] = [.. _node.Addresses.Present.Select(address => address.Key)];
        }
    }

    private void Tells(AnnouncedAddress told)
    {
        if (told.Phase == AnnouncementPhase.Announce)
        {
            Seen = Seen with { Told = Seen.Told + 1 };
            Rule.Holds(Stands(told.Key.Address), $"{told.Key} is announced, and the address does not stand");
        }
    }

    private void Raises(RaisedAddress raised)
    {
        if (!Stands(raised.Key))
        {
            Seen = Seen with { Raised = Seen.Raised + 1 };
            Rule.Holds(
                IsAlways(raised.Key) || IsServed(raised.Key),
                $"{raised.Key} is raised, and no plane has a service on it"
            );
        }
    }

    private void Lowers(RaisedAddress lowered)
    {
        Seen = Seen with { Lowered = Seen.Lowered + 1 };
        var told = _node.Announcements.Present.FirstOrDefault(told =>
            told.Phase == AnnouncementPhase.Announce
            && told.Key.Address.Equals(lowered.Key)
            && _known.Contains(told.Key)
        );
        Rule.Holds(told is null || IsRoleLost(lowered.Key), $"{lowered.Key} goes, and {told?.Key} still announces it");
    }

    private bool Stands(IPAddress address) => _node.Addresses.Present.Any(item => item.Key.Equals(address));

    // A vip is raised as one: a service on one of its addresses is enough.
    private bool IsServed(IPAddress address) =>
        VipsOf(address)
            .SelectMany(vip => vip.Addresses)
            .Any(at => IsCarried(at.Address) || IsForwardedByOthers(at.Address));

    private bool IsCarried(IPAddress address) =>
        _node.Planes.Any(plane =>
            plane.Table.Services.Values.Any(service =>
                Listens(service.Listeners.Select(listener => listener.Listener), address)
            )
        );

    private bool IsAlways(IPAddress address) => VipsOf(address).Any(vip => vip.UpWhen == UpWhen.Always);

    private bool IsForwardedByOthers(IPAddress address) =>
        _node.Engine.State.Services.Values.Any(service =>
            service.Carrier is null
            && Withdrawal.IsOn(service.Service, address)
            && service.Service.Policy.Forward == Forwarding.None
        );

    private bool IsRoleLost(IPAddress address) =>
        VipsOf(address).Any(vip => _node.Engine.State.Vips[vip.Name] is { Role: not Role.Active });

    private IEnumerable<Vip> VipsOf(IPAddress address) =>
        _node.Engine.State.Inputs.Snapshot.Vips.Where(vip => vip.Addresses.Any(at => at.Address.Equals(address)));

    private bool IsWanted(PlaneKind plane, string service) =>
        _node.Engine.State.Desired.TableOf(plane).Services.ContainsKey(service);

    // By somebody; what no plane can carry any more is another matter.
    private bool WasTakenOut(string name) =>
        _node.Engine.State.Services[name] is not { } service
        || service is { Carrier: null, Reason: Reasons.DisabledInFile or Reasons.Overridden };

    // A vip stands as one: a service on one of its addresses keeps them all.
    private bool IsKept(string leaving, IPAddress address) =>
        IsAlways(address)
        || VipsOf(address)
            .SelectMany(vip => vip.Addresses)
            .Any(at =>
                _node.Engine.State.Inputs.Snapshot.Services.Any(other =>
                    other.Name != leaving && IsMeant(other) && Withdrawal.IsOn(other, at.Address)
                )
            );

    private bool IsMeant(Service service) =>
        service.Enabled
        || _node.Engine.State.Inputs.Overrides[new(OverrideTargetKind.Service, service.Name)]?.Action
            == OverrideAction.Enable;

    private static bool Listens(IEnumerable<Listener> listeners, IPAddress address) =>
        listeners.Any(listener =>
            listener.Address is null || listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(address)
        );
}

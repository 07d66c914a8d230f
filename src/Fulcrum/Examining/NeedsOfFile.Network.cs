using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Vips;

namespace Fulcrum.Examining;

/// <summary>Interfaces and networks.</summary>
internal sealed partial class NeedsOfFile
{
    private IEnumerable<MadeInterface> Kinds()
    {
        var dummies = _snapshot.Vips.Where(vip => vip.On is OnDummy).Select(vip => $"vip/{vip.Name}");
        MadeInterface[] kinds =
        [
            new(
                new() { Name = "trial0", Dummy = true },
                [.. dummies, .. Names("interface", _snapshot.Interfaces.Where(one => one.Dummy))]
            ),
            new(
                new() { Name = "trial1", Vlan = 1 },
                Names("interface", _snapshot.Interfaces.Where(one => one.Vlan is not null))
            ),
            new(
                new() { Name = "trial2", Macvlan = MacvlanKind.Bridge },
                Names("interface", _snapshot.Interfaces.Where(one => one.Macvlan is not null))
            ),
        ];
        return kinds.Where(kind => kind.Who.Count > 0);
    }

    // Those that the node makes by itself are there when it needs them.
    private Dictionary<string, IReadOnlyList<string>> NamedInterfaces(IEnumerable<string> sync)
    {
        var made = _snapshot.Interfaces.Where(IsMade).Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        return OfVips()
            .Concat(OfInterfaces())
            .Concat(OfListeners())
            .Concat(OfOffload())
            .Concat(sync.Select(who => (Name: _snapshot.Ipvs.Sync!.Interface, Who: who)))
            .Where(pair => !made.Contains(pair.Name))
            .GroupBy(pair => pair.Name, pair => pair.Who, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => (IReadOnlyList<string>)[.. group.Distinct(StringComparer.Ordinal)],
                StringComparer.Ordinal
            );
    }

    private IEnumerable<(string Name, string Who)> OfVips() =>
        from vip in _snapshot.Vips
        where vip.On is OnInterface
        select (((OnInterface)vip.On).Interface, $"vip/{vip.Name}");

    private IEnumerable<(string Name, string Who)> OfInterfaces() =>
        from one in _snapshot.Interfaces
        let name = IsMade(one) ? one.On : one.Name
        where name is not null
        select (name, $"interface/{one.Name}");

    private IEnumerable<(string Name, string Who)> OfListeners() =>
        from derived in _services
        from listener in derived.Service.Listeners
        where listener.Interface is not null
        select (listener.Interface, $"service/{derived.Service.Name}");

    private IEnumerable<(string Name, string Who)> OfOffload() =>
        _node is null ? [] : _node.Offload.Select(name => (name, $"node/{_node.Name}"));

    private static bool IsMade(Interface one) => one.Dummy || one.Vlan is not null || one.Macvlan is not null;

    private IEnumerable<(RaisedAddress Address, string Who)> Networks() =>
        from vip in _snapshot.Vips
        where vip.On is OnMatchingInterface
        from address in vip.Addresses
        where !_snapshot.Interfaces.Any(one => one.Addresses.Any(its => its.Holds(address.Address)))
        select (new RaisedAddress(address, vip.On, vip.Lifetime), $"vip/{vip.Name}");
}

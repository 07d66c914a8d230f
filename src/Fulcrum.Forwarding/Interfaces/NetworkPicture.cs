using System.Net;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Interfaces;

/// <summary>
/// Interfaces and addresses as they were when it was taken, and as we have changed them since: thousands of changes
/// need no thousand looks. Belongs to one caller at a time.
/// </summary>
internal sealed class NetworkPicture
{
    private readonly Dictionary<int, NetworkLink> _links;
    private readonly Dictionary<IPAddress, List<InterfaceAddress>> _addresses = [];
    private readonly List<InterfaceAddress> _others;

    private NetworkPicture(IReadOnlyList<NetworkLink> links, IReadOnlyList<InterfaceAddress> addresses)
    {
        _links = links.ToDictionary(link => link.Index);
        foreach (var address in addresses)
        {
            Add(address);
        }

        _others = [.. addresses.Where(address => !OwnMarks.IsVip(address))];
    }

    public IEnumerable<NetworkLink> Links => _links.Values;

    public IEnumerable<InterfaceAddress> Addresses => _addresses.Values.SelectMany(some => some);

    /// <summary>All but vips: few, where vips are many.</summary>
    public IReadOnlyList<InterfaceAddress> Others => _others;

    public static async Task<NetworkPicture> TakeAsync(Rtnetlink net, CancellationToken cancellation) =>
        new(await net.Links.ListAsync(cancellation), await net.Addresses.ListAsync(cancellation));

    public NetworkLink? Link(int index) => _links.GetValueOrDefault(index);

    /// <summary>By its name or an alternative one.</summary>
    public NetworkLink? Find(string name) =>
        Links.FirstOrDefault(link => link.Name == name)
        ?? Links.FirstOrDefault(link => link.AlternativeNames.Contains(name));

    /// <summary>Wherever it stands.</summary>
    public IReadOnlyList<InterfaceAddress> Of(IPAddress address) => _addresses.GetValueOrDefault(address) ?? [];

    public void Add(NetworkLink link) => _links[link.Index] = link;

    public void Add(InterfaceAddress address)
    {
        if (!_addresses.TryGetValue(address.Address, out var some))
        {
            _addresses.Add(address.Address, some = []);
        }

        some.RemoveAll(one => IsSame(one, address));
        some.Add(address);
    }

    public void Remove(InterfaceAddress address)
    {
        if (_addresses.TryGetValue(address.Address, out var some))
        {
            some.RemoveAll(one => IsSame(one, address));
        }
    }

    public string NameOf(int index) => Link(index)?.Name ?? $"interface {index}";

    // As the kernel tells them apart.
    private static bool IsSame(InterfaceAddress one, InterfaceAddress other) =>
        one.Interface == other.Interface && one.PrefixLength == other.PrefixLength;
}

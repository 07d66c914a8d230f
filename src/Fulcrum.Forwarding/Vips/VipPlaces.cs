using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Vips;

/// <summary>Where vips could stand now, for whoever only asks.</summary>
public sealed class VipPlaces
{
    private readonly NetworkPicture _picture;

    private VipPlaces(NetworkPicture picture) => _picture = picture;

    /// <exception cref="NetlinkException"/>
    public static async Task<VipPlaces> LookAsync(Rtnetlink net, CancellationToken cancellation) =>
        new(await NetworkPicture.TakeAsync(net, cancellation));

    /// <summary>Null: there is such an interface, and it is up.</summary>
    public string? WhyNoInterface(string name) =>
        _picture.Find(name) is not { } link ? $"there is no interface {name}"
        : link.IsUp ? null
        : $"interface {link.Name} is down";

    /// <summary>Null: an interface of this machine has its network, and is up.</summary>
    public string? WhyNoNetwork(RaisedAddress raised) =>
        Placing.Find(_picture, raised) is { } link ? WhyNoInterface(link.Name) : Placing.WhyNone(raised);
}

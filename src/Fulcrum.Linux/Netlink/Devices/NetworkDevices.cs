using Fulcrum.Linux.Netlink.Generic;

namespace Fulcrum.Linux.Netlink.Devices;

/// <summary>What the drivers of network interfaces can do, as the kernel tells it since Linux 6.3 (the family "netdev").</summary>
public static class NetworkDevices
{
    private const string Family = "netdev";
    private const byte GetDevice = 1;
    private const byte Version = 1;
    private const ushort Interface = 1;
    private const ushort Features = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Of one interface; null: this kernel does not tell.</summary>
    /// <param name="open">Opens sockets in the namespace that is meant.</param>
    /// <param name="link">Its index.</param>
    /// <exception cref="NetlinkException"/>
    public static async Task<XdpFeatures?> FindXdpAsync(
        NetlinkOpening open,
        int link,
        TimeProvider time,
        CancellationToken cancellation = default
    )
    {
        using var generic = new GenericNetlink(open, time, Patience);
        if (await generic.FindAsync(Family, cancellation) is not { } family)
        {
            return null;
        }

        using var writer = new NetlinkWriter();
        writer.Begin(family.Id, NetlinkFlags.None);
        GenericMessage.Write(writer, GetDevice, Version);
        writer.Put(Interface, (uint)link);
        writer.End();
        var found = await generic.Connection.AskAsync<XdpFeatures>(
            writer,
            (in NetlinkMessage message, out XdpFeatures features) => TryDecode(message, family.Id, out features),
            "ask what a driver can do",
            cancellation
        );
        return found is [var one] ? one : null;
    }

    private static bool TryDecode(in NetlinkMessage message, ushort family, out XdpFeatures features)
    {
        features = XdpFeatures.None;
        if (message.Type != family || !GenericMessage.TryRead(message.Body, out _, out var attributes))
        {
            return false;
        }

        while (attributes.Next())
        {
            if (attributes.Type == Features)
            {
                features = (XdpFeatures)attributes.UInt64();
            }
        }

        return attributes.IsWhole;
    }
}

using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Links;

/// <summary>Network interfaces.</summary>
public sealed class NetworkLinks : NetlinkTable<NetworkLink>
{
    private const ushort SetType = 19;
    private const ushort NewPropertyType = 108;
    private const ushort DeletePropertyType = 109;

    internal NetworkLinks(NetlinkConnection connection, NetlinkOpening open)
        : base(connection, open, new NetworkLinkCodec()) { }

    /// <summary>The link of this name or alternative name; null: there is none.</summary>
    /// <exception cref="NetlinkException"/>
    public async Task<NetworkLink?> FindAsync(string name, CancellationToken cancellation = default)
    {
        try
        {
            var found = await AskAsync(
                $"find link {name}",
                NetlinkFlags.None,
                writer =>
                {
                    writer.Structure(LinkAttributes.HeaderLength);
                    writer.Put(LinkAttributes.ExtendedMask, LinkAttributes.WithoutCounters);
                    NetworkLinkCodec.EncodeName(writer, name);
                },
                cancellation
            );
            return found is [{ } link] ? link : null;
        }
        catch (NetlinkException exception) when (exception.Error == Errno.NoDevice)
        {
            return null;
        }
    }

    /// <exception cref="NetlinkException"/>
    public Task ChangeAsync(int index, LinkChange change, CancellationToken cancellation = default) =>
        ChangeAsync(
            $"change link {index}",
            SetType,
            NetlinkFlags.None,
            writer => Encode(writer, index, change),
            cancellation
        );

    /// <summary>Gives it other names beside its own.</summary>
    /// <exception cref="NetlinkException"/>
    public Task AddNamesAsync(int index, IReadOnlyCollection<string> names, CancellationToken cancellation = default) =>
        ChangeAsync(
            $"give link {index} the names {string.Join(", ", names)}",
            NewPropertyType,
            NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Append,
            writer => EncodeNames(writer, index, names),
            cancellation
        );

    /// <exception cref="NetlinkException"/>
    public Task DeleteNamesAsync(
        int index,
        IReadOnlyCollection<string> names,
        CancellationToken cancellation = default
    ) =>
        ChangeAsync(
            $"take the names {string.Join(", ", names)} from link {index}",
            DeletePropertyType,
            NetlinkFlags.None,
            writer => EncodeNames(writer, index, names),
            cancellation
        );

    /// <summary>Changes how IPv4 is done on it, as the files below <c>net.ipv4.conf</c> do.</summary>
    /// <exception cref="NetlinkException"/>
    public Task SetIPv4Async(
        int index,
        IPv4Setting setting,
        uint value,
        CancellationToken cancellation = default
    ) =>
        ChangeAsync(
            $"set {setting} of link {index} to {value}",
            SetType,
            NetlinkFlags.None,
            writer =>
            {
                var header = writer.Structure(LinkAttributes.HeaderLength);
                MemoryMarshal.Write(header[4..], index);
                var families = writer.BeginNest(LinkAttributes.Families);
                var family = writer.BeginNest(LinkAttributes.IPv4Family);
                var settings = writer.BeginNest(LinkAttributes.IPv4Settings);
                writer.Put((ushort)setting, value);
                writer.EndNest(settings);
                writer.EndNest(family);
                writer.EndNest(families);
            },
            cancellation
        );

    private static void Encode(NetlinkWriter writer, int index, LinkChange change)
    {
        var header = writer.Structure(LinkAttributes.HeaderLength);
        MemoryMarshal.Write(header[4..], index);
        if (change.IsUp is { } isUp)
        {
            MemoryMarshal.Write(header[8..], (uint)(isUp ? LinkFlags.Up : LinkFlags.None));
            MemoryMarshal.Write(header[12..], (uint)LinkFlags.Up);
        }

        if (change.Name is not null)
        {
            writer.Put(LinkAttributes.Name, change.Name);
        }

        if (change.Mtu is { } mtu)
        {
            writer.Put(LinkAttributes.Mtu, mtu);
        }

        if (change.Master is { } master)
        {
            writer.Put(LinkAttributes.Master, master);
        }

        if (change.HardwareAddress is not null)
        {
            writer.Put(LinkAttributes.HardwareAddress, change.HardwareAddress.GetAddressBytes());
        }
    }

    private static void EncodeNames(NetlinkWriter writer, int index, IEnumerable<string> names)
    {
        var header = writer.Structure(LinkAttributes.HeaderLength);
        MemoryMarshal.Write(header[4..], index);
        NetworkLinkCodec.EncodeAlternativeNames(writer, names);
    }
}

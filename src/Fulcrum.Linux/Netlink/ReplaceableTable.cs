namespace Fulcrum.Linux.Netlink;

/// <summary>Objects of a kind that the kernel can put in the place of one that is there.</summary>
public abstract class ReplaceableTable<T> : NetlinkTable<T>
    where T : class
{
    private const NetlinkFlags Flags = NetlinkFlags.Create | NetlinkFlags.Replace;

    private readonly ushort _type;

    private protected ReplaceableTable(NetlinkConnection connection, NetlinkOpening open, NetlinkCodec<T> codec)
        : base(connection, open, codec) => _type = codec.NewType;

    /// <summary>Adds it, or changes the one that is there into it.</summary>
    /// <exception cref="NetlinkException"/>
    public Task ReplaceAsync(T item, CancellationToken cancellation = default) =>
        OneAsync("replace", _type, Flags, item, cancellation);

    /// <inheritdoc cref="ReplaceAsync(T, CancellationToken)"/>
    public Task<NetlinkError?[]> ReplaceAsync(IReadOnlyCollection<T> items, CancellationToken cancellation = default) =>
        ManyAsync("replace", _type, Flags, items, cancellation);
}

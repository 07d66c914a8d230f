namespace Fulcrum.Linux.Netlink;

/// <summary>
/// The kernel's objects of one kind. Methods for one object throw what the kernel refused; those for many send them all
/// at once and tell of each, null for done.
/// </summary>
public abstract class NetlinkTable<T>
    where T : class
{
    private readonly NetlinkConnection _connection;
    private readonly NetlinkOpening _open;
    private readonly NetlinkCodec<T> _codec;

    private protected NetlinkTable(NetlinkConnection connection, NetlinkOpening open, NetlinkCodec<T> codec)
    {
        _connection = connection;
        _open = open;
        _codec = codec;
    }

    private protected NetlinkConnection Connection => _connection;

    /// <exception cref="NetlinkException">Among others <see cref="Errno.Exists"/>.</exception>
    public Task AddAsync(T item, CancellationToken cancellation = default) =>
        OneAsync("add", _codec.NewType, NetlinkFlags.Create | NetlinkFlags.Exclusive, item, cancellation);

    /// <inheritdoc cref="AddAsync(T, CancellationToken)"/>
    public Task<NetlinkError?[]> AddAsync(IReadOnlyCollection<T> items, CancellationToken cancellation = default) =>
        ManyAsync("add", _codec.NewType, NetlinkFlags.Create | NetlinkFlags.Exclusive, items, cancellation);

    /// <exception cref="NetlinkException">It is not there, for example.</exception>
    public Task DeleteAsync(T item, CancellationToken cancellation = default) =>
        OneAsync("delete", _codec.DeleteType, NetlinkFlags.None, item, cancellation);

    /// <inheritdoc cref="DeleteAsync(T, CancellationToken)"/>
    public Task<NetlinkError?[]> DeleteAsync(IReadOnlyCollection<T> items, CancellationToken cancellation = default) =>
        ManyAsync("delete", _codec.DeleteType, NetlinkFlags.None, items, cancellation);

    /// <summary>All that are there.</summary>
    /// <exception cref="NetlinkException"/>
    public Task<IReadOnlyList<T>> ListAsync(CancellationToken cancellation = default) =>
        AskAsync($"list {_codec.Plural}", NetlinkFlags.Dump, _codec.EncodeQuestion, cancellation);

    /// <summary>
    /// What changes from now on. Listing after this call misses nothing: what changes meanwhile may be told twice, but
    /// never not at all.
    /// </summary>
    /// <exception cref="LinuxException"/>
    public NetlinkWatch<T> Watch() => new(_open(NetlinkProtocol.Route, _codec.Groups), _codec);

    private protected Task OneAsync(
        string verb,
        ushort type,
        NetlinkFlags flags,
        T item,
        CancellationToken cancellation
    ) =>
        ChangeAsync($"{verb} {_codec.Describe(item)}", type, flags, writer => Encode(writer, type, item), cancellation);

    private protected async Task<NetlinkError?[]> ManyAsync(
        string verb,
        ushort type,
        NetlinkFlags flags,
        IReadOnlyCollection<T> items,
        CancellationToken cancellation
    )
    {
        using var writer = new NetlinkWriter();
        foreach (var item in items)
        {
            writer.Begin(type, flags);
            Encode(writer, type, item);
            writer.End();
        }

        return await _connection.ChangeAsync(writer, $"{verb} {items.Count} {_codec.Plural}", cancellation);
    }

    private protected async Task ChangeAsync(
        string action,
        ushort type,
        NetlinkFlags flags,
        Action<NetlinkWriter> encode,
        CancellationToken cancellation
    )
    {
        using var writer = new NetlinkWriter();
        writer.Begin(type, flags);
        encode(writer);
        writer.End();
        if (await _connection.ChangeAsync(writer, action, cancellation) is [{ } error])
        {
            throw new NetlinkException(error, action);
        }
    }

    private protected async Task<IReadOnlyList<T>> AskAsync(
        string action,
        NetlinkFlags flags,
        Action<NetlinkWriter> encode,
        CancellationToken cancellation
    )
    {
        using var writer = new NetlinkWriter();
        writer.Begin(_codec.QuestionType, flags);
        encode(writer);
        writer.End();
        return await _connection.AskAsync<T>(writer, Decode, action, cancellation);
    }

    private bool Decode(in NetlinkMessage message, out T value)
    {
        value = null!;
        return message.Type == _codec.NewType && _codec.TryDecode(message.Body, out value!);
    }

    private void Encode(NetlinkWriter writer, ushort type, T item)
    {
        if (type == _codec.DeleteType)
        {
            _codec.EncodeKey(writer, item);
        }
        else
        {
            _codec.Encode(writer, item);
        }
    }
}

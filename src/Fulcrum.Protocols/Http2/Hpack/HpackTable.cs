namespace Fulcrum.Protocols.Http2.Hpack;

/// <summary>
/// What an index stands for (RFC 7541 section 2.3): the static table of appendix A, then the fields that the peer had
/// us remember, the newest first, the oldest forgotten when they outgrow the table (section 4).
/// </summary>
internal sealed class HpackTable
{
    /// <summary>The size of a table of which nothing else was said (RFC 9113 section 6.5.2).</summary>
    public const int MaxSize = 4096;

    /// <summary>What a field counts beyond its octets (section 4.1).</summary>
    public const int FieldOverhead = 32;

    private static readonly (string Name, string Value)[] Static =
    [
        .. """
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate
            """.Split('\n').Select(line => line.Split(' ', 2)).Select(parts =>
            (parts[0], parts.ElementAtOrDefault(1) ?? "")
        ),
    ];

    private readonly List<(string Name, string Value)> _fields = []; // The newest last.
    private int _size;
    private int _limit = MaxSize;

    /// <summary>The index of a static field of this name; 0 when there is none.</summary>
    public static int StaticIndexOf(string name) => Array.FindIndex(Static, field => field.Name == name) + 1;

    public static int SizeOf((string Name, string Value) field) =>
        field.Name.Length + field.Value.Length + FieldOverhead;

    /// <summary>Null when nothing has this index.</summary>
    public (string Name, string Value)? this[int index] =>
        index <= 0 ? null
        : index <= Static.Length ? Static[index - 1]
        : index - Static.Length <= _fields.Count ? _fields[^(index - Static.Length)]
        : null;

    public void Add((string Name, string Value) field)
    {
        _fields.Add(field);
        _size += SizeOf(field);
        Evict();
    }

    /// <summary>The peer resizes its table; false when it exceeds what it may have (section 4.2).</summary>
    public bool Resize(int limit)
    {
        if (limit > MaxSize)
        {
            return false;
        }

        _limit = limit;
        Evict();
        return true;
    }

    // One field larger than the table empties it (section 4.4).
    private void Evict()
    {
        var gone = 0;
        while (_size > _limit)
        {
            _size -= SizeOf(_fields[gone++]);
        }

        _fields.RemoveRange(0, gone);
    }
}

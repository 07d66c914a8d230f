using System.Net;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Ipvs;

namespace Fulcrum.Forwarding.Ipvs.Owning;

/// <summary>
/// Which services of the kernel's table are ours. The table has no room for such a word, so it is written to a file,
/// before the service is made: who finds one after a crash knows whose it is. What the file says is true of one table
/// only, that of a network namespace since the machine was started.
/// </summary>
internal sealed class OwnedServices
{
    private const string Heading = "fulcrum ipvs 1";
    private const string Sync = "sync";

    private readonly string _path;
    private readonly string _table;
    private HashSet<IpvsServiceKey> _keys = [];

    /// <param name="path">Of the file.</param>
    /// <param name="table">Tells tables apart: see <see cref="ThisTable"/>.</param>
    public OwnedServices(string path, string table) => (_path, _table) = (path, table);

    public IReadOnlySet<IpvsServiceKey> Keys => _keys;

    /// <summary>The synchronisation daemons are ours, too.</summary>
    public bool HasSync { get; private set; }

    /// <summary>A former run left some.</summary>
    public bool HadAny { get; private set; }

    public bool Contains(IpvsServiceKey key) => _keys.Contains(key);

    /// <summary>The table of the calling thread's network namespace.</summary>
    public static string ThisTable()
    {
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        var space = new FileInfo("/proc/thread-self/ns/net").LinkTarget;
        return $"{boot} {space}";
    }

    /// <summary>Reads the file; one of another table, or that is broken, says nothing.</summary>
    /// <exception cref="IOException"/>
    public void Read()
    {
        _keys = [];
        HasSync = false;
        if (!File.Exists(_path))
        {
            return;
        }

        var lines = File.ReadAllLines(_path);
        if (lines is [Heading, var table, ..] && table == _table)
        {
            HasSync = lines.Contains(Sync);
            HadAny = lines.Length > 2;
            _keys = lines.Skip(2).Select(Parse).OfType<IpvsServiceKey>().ToHashSet();
        }
    }

    /// <summary>From now on these. What is on disk says so before this returns.</summary>
    /// <exception cref="IOException"/>
    public void Set(IReadOnlySet<IpvsServiceKey> keys) => Set(keys, HasSync);

    /// <inheritdoc cref="Set(IReadOnlySet{IpvsServiceKey})"/>
    public void Set(IReadOnlySet<IpvsServiceKey> keys, bool hasSync)
    {
        if (_keys.SetEquals(keys) && hasSync == HasSync)
        {
            return;
        }

        var written = $"{_path}.new";
        using (var file = new FileStream(written, FileMode.Create, FileAccess.Write))
        using (var text = new StreamWriter(file))
        {
            text.WriteLine(Heading);
            text.WriteLine(_table);
            foreach (var line in keys.Select(Format).Order(StringComparer.Ordinal))
            {
                text.WriteLine(line);
            }

            if (hasSync)
            {
                text.WriteLine(Sync);
            }

            text.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(written, _path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(_path)!);
        _keys = [.. keys];
        HasSync = hasSync;
    }

    private static string Format(IpvsServiceKey key) =>
        key.Address is { } address
            ? $"{key.Protocol} {address} {key.Port}"
            : $"mark {(key.Family == Linux.Sockets.SocketFamily.IPv4 ? 4 : 6)} {key.Mark}";

    private static IpvsServiceKey? Parse(string line) =>
        line.Split(' ') switch
        {
            ["mark", "4" or "6", var text] words when uint.TryParse(text, out var mark) => IpvsServiceKey.Of(
                words[1] == "4" ? Linux.Sockets.SocketFamily.IPv4 : Linux.Sockets.SocketFamily.IPv6,
                mark
            ),
            [var protocol, var address, var port]
                when byte.TryParse(protocol, out var number)
                    && IPAddress.TryParse(address, out var ip)
                    && ushort.TryParse(port, out var known) => IpvsServiceKey.Of(number, ip, known),
            _ => null,
        };
}

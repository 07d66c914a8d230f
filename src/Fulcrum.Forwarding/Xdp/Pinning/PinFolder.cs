using System.Text;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Forwarding.Xdp.Pinning;

/// <summary>
/// The folder in the BPF file system in which a node's maps and links have names. They go on without any process, and the
/// next one finds them there. Each state directory has a folder of its own for each plane.
/// </summary>
/// <param name="path">Of the folder.</param>
/// <param name="version">Of what maps hold: another version's are not found.</param>
internal sealed class PinFolder(string path, string version)
{
    private const string Root = "fulcrum";
    private const string LinkPrefix = "link-";
    private const string FilterPrefix = "filter-";

    public string Path => path;

    public bool Exists => Directory.Exists(path);

    /// <summary>For a state directory and a plane.</summary>
    /// <param name="system">Where the BPF file system is.</param>
    public static PinFolder Of(string system, string state, string plane) =>
        new(System.IO.Path.Combine(system, Root, Escape($"{state}:{plane}")), BalancerObject.Version);

    /// <summary>Makes sure that there is a BPF file system, and the folder in it.</summary>
    /// <returns>Why that is not so; null: it is.</returns>
    public string? Make()
    {
        var system = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(path))!;
        try
        {
            if (!BpfFileSystem.IsAt(system))
            {
                BpfFileSystem.Mount(system);
            }

            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return null;
        }
        catch (Exception error) when (error is LinuxException or IOException or UnauthorizedAccessException)
        {
            return $"there is no BPF file system at {system}, and none can be mounted ({error.Message}); as root: mount -t bpf bpf {system}";
        }
    }

    /// <summary>Null: there is none of that name.</summary>
    /// <exception cref="LinuxException"/>
    public BpfMap? OpenMap(string name) => Exists ? BpfMap.Open(PathOf(NameOf(name))) : null;

    /// <exception cref="LinuxException"/>
    public BpfLink? OpenLink(string link) => Exists ? BpfLink.Open(PathOf(LinkPrefix + Escape(link))) : null;

    /// <summary>The names of interfaces that links are kept for, as <see cref="OpenLink"/> takes them.</summary>
    public IReadOnlyList<string> Links() => Named(LinkPrefix);

    /// <summary>The names of interfaces at which there is a filter of ours.</summary>
    public IReadOnlyList<string> Filters() => Named(FilterPrefix);

    /// <summary>Gives a map its name, whatever had that before.</summary>
    /// <exception cref="LinuxException"/>
    public void Pin(string name, BpfMap map) => Put(NameOf(name), map);

    /// <summary>Maps of other versions lose their names.</summary>
    public void RemoveOldMaps()
    {
        foreach (var file in Directory.GetFiles(path))
        {
            var name = System.IO.Path.GetFileName(file);
            if (
                !name.StartsWith(LinkPrefix, StringComparison.Ordinal)
                && !name.StartsWith(FilterPrefix, StringComparison.Ordinal)
                && !name.EndsWith(version, StringComparison.Ordinal)
            )
            {
                File.Delete(file);
            }
        }
    }

    /// <exception cref="LinuxException"/>
    public void PinLink(string link, BpfLink place) => Put(LinkPrefix + Escape(link), place);

    public void RemoveLink(string link) => File.Delete(PathOf(LinkPrefix + Escape(link)));

    /// <summary>A filter has no name: its program has.</summary>
    /// <exception cref="LinuxException"/>
    public void PinFilter(string link, BpfProgram program) => Put(FilterPrefix + Escape(link), program);

    public void RemoveFilter(string link) => File.Delete(PathOf(FilterPrefix + Escape(link)));

    /// <summary>Takes all names away. Links must have been detached before.</summary>
    public void Remove()
    {
        if (Exists)
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private IReadOnlyList<string> Named(string prefix) =>
        Exists
            ?
            [
                .. Directory
                    .GetFiles(path, prefix + "*")
                    .Select(file => Unescape(System.IO.Path.GetFileName(file)[prefix.Length..])),
            ]
            : [];

    private void Put(string name, BpfHandle what)
    {
        File.Delete(PathOf(name));
        what.Pin(PathOf(name));
    }

    private string NameOf(string map) => $"{map}-{version}";

    private string PathOf(string name) => System.IO.Path.Combine(path, name);

    // As systemd-escape(1) does, but that the BPF file system takes no dots, nor backslashes from everybody.
    private static string Escape(string text)
    {
        var name = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(text.Trim('/')))
        {
            _ =
                one == (byte)'/' ? name.Append('-')
                : char.IsAsciiLetterOrDigit((char)one) ? name.Append((char)one)
                : name.Append('_').Append(one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return name.ToString();
    }

    private static string Unescape(string name)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_')
            {
                bytes.Add(Convert.FromHexString(name.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes.Add(name[i] == '-' ? (byte)'/' : (byte)name[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}

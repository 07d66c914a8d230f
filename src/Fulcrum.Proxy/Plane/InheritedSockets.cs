using Fulcrum.Linux;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops.Sockets;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// Sockets that were bound before the plane was there: by the service manager, or by the process whose place this one
/// takes. A listener finds its own by local address and kind, whatever they are called. Used by the one who prepares
/// tables.
/// </summary>
public sealed class InheritedSockets : IDisposable
{
    private readonly Dictionary<BindingKey, List<Entry>> _entries = [];

    /// <summary>The addresses of those that no listener has asked for.</summary>
    public IEnumerable<string> Unclaimed =>
        _entries.Where(pair => pair.Value.Exists(entry => !entry.IsClaimed)).Select(pair => NameOf(pair.Key));

    /// <summary>Takes over a descriptor.</summary>
    /// <param name="isLent">
    /// Its owner keeps it, so we do, too: a listener that goes and comes back finds it again. Otherwise who takes it
    /// has it.
    /// </param>
    /// <returns>Why no listener can use it; it is closed then. Null: nothing is wrong.</returns>
    public string? Add(int descriptor, bool isLent)
    {
        if (WhyNot(descriptor, out var key) is { } reason)
        {
            _ = SocketCalls.Close(descriptor);
            return reason;
        }

        if (!_entries.TryGetValue(key, out var entries))
        {
            _entries[key] = entries = [];
        }

        entries.Add(new(descriptor, isLent));
        return null;
    }

    /// <summary>Closes those that nobody took, but for those that are lent.</summary>
    public void CloseUnclaimed()
    {
        foreach (var entries in _entries.Values)
        {
            foreach (var entry in entries.FindAll(entry => !entry.IsLent && !entry.IsClaimed))
            {
                _ = SocketCalls.Close(entry.Descriptor);
                entries.Remove(entry);
            }
        }
    }

    public void Dispose()
    {
        CloseUnclaimed();
        foreach (var entry in _entries.Values.SelectMany(entries => entries).Where(entry => entry.IsLent))
        {
            _ = SocketCalls.Close(entry.Descriptor);
        }

        _entries.Clear();
    }

    /// <summary>Whether somebody else keeps the address's socket, has told it what he wants, and has made its file.</summary>
    internal bool IsLent(BindingKey key) =>
        _entries.TryGetValue(key, out var entries) && entries.Exists(entry => entry.IsLent);

    /// <summary>Whether the address was ours before, or one that has something in common with it.</summary>
    internal bool HasOverlap(BindingKey key) => _entries.Keys.Any(key.Overlaps);

    /// <summary>Those of an address, the caller's from then on.</summary>
    /// <exception cref="LinuxException">This process has no descriptor left.</exception>
    internal int[] Take(BindingKey key)
    {
        if (!_entries.TryGetValue(key, out var entries))
        {
            return [];
        }

        var taken = new List<int>(entries.Count);
        foreach (var entry in entries.Where(entry => entry.IsLent || !entry.IsClaimed))
        {
            entry.IsClaimed = true;
            taken.Add(
                entry.IsLent
                    ? LinuxException.ThrowIfError(SocketCalls.Duplicate(entry.Descriptor), $"take {NameOf(key)}")
                    : entry.Descriptor
            );
        }

        return [.. taken];
    }

    private static string? WhyNot(int descriptor, out BindingKey key)
    {
        key = default;
        var kind = (SocketKind)SocketCalls.Get(descriptor, SocketOption.Type);
        if (SocketCalls.LocalAddress(descriptor, out var address) < 0 || address is { Port: 0, Path: null or "" })
        {
            return "it has no address and port, and no path";
        }

        if (address.Family == SocketFamily.Unix)
        {
            key = new(kind, address);
            return WhyNot(address);
        }

        if (kind is not (SocketKind.Stream or SocketKind.Datagram))
        {
            return "it is no TCP, UDP or Unix socket";
        }

        if (address.Family == SocketFamily.IPv6 && SocketCalls.Get(descriptor, SocketOption.IPv6Only) == 0)
        {
            return "it takes IPv4, too; its unit needs BindIPv6Only=ipv6-only, and a line for each family";
        }

        key = new(kind, address, SocketCalls.InterfaceOf(descriptor));
        return null;
    }

    // A new one is better than one that nobody can find.
    private static string? WhyNot(in SocketAddress address) =>
        UnixListenerSocket.HasFile(address) && FileKinds.Of(address.Path!) != FileKind.Socket
            ? $"its file {address.Path} is gone"
            : null;

    private static string NameOf(BindingKey key) => SharedSocket.NameOf(key.Kind, key.Address);

    private sealed record Entry(int Descriptor, bool IsLent)
    {
        public bool IsClaimed { get; set; }
    }
}

using System.Threading.Channels;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Plane;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Upgrading;

/// <summary>
/// Keeps copies of all sockets that clients reach with the service manager (FDSTORE=1, sd_notify(3)): while the service
/// restarts, whoever connects waits in their queues for the next process, and is not refused.
/// <para>
/// What closes is forgotten at once: while a copy is there, clients wait in its queue for nobody, and the kernel gives it
/// its share of what is meant for another socket of the same address.
/// </para>
/// </summary>
internal sealed partial class SocketStore(ProxyPlane plane, ServiceManager manager, int room, ILogger log)
{
    private const string Prefix = "listener/";

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private readonly Dictionary<string, HashSet<FileIdentity>> _stored = new(StringComparer.Ordinal);
    private int _count;
    private bool _isFull;

    /// <summary>Of a socket that this program has given to the service manager.</summary>
    public static bool IsOurs(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The manager's name of a socket: without colons.</summary>
    public static string NameOf(string socket) => Prefix + socket.Replace(':', '_');

    /// <summary>Until cancelled, when all stays as it is.</summary>
    /// <param name="before">Names under which it may keep some already.</param>
    public async Task RunAsync(IEnumerable<string> before, CancellationToken stop)
    {
        var unwanted = before.ToHashSet(StringComparer.Ordinal);
        plane.SocketsChanged = () => _news.Writer.TryWrite(true);
        do
        {
            await FollowAsync(unwanted);
            await _news.Reader.ReadAsync(stop);
        } while (true);
    }

    private async Task FollowAsync(HashSet<string> unwanted)
    {
        var sockets = await plane.ShareAsync();
        try
        {
            var present = sockets.ToLookup(socket => NameOf(socket.Name), socket => socket.Descriptor);
            foreach (var gone in _stored.Keys.Union(unwanted).Where(name => !IsStored(name, present[name])).ToList())
            {
                // Those of a process before this one are the same that this one has, or nobody's.
                if (_stored.Remove(gone) || !present.Contains(gone))
                {
                    manager.Forget(gone);
                }
            }

            unwanted.Clear();
            _count = _stored.Values.Sum(some => some.Count);
            foreach (var some in present.Where(some => !_stored.ContainsKey(some.Key)))
            {
                Store(some.Key, [.. some]);
            }
        }
        finally
        {
            foreach (var socket in sockets)
            {
                _ = SocketCalls.Close(socket.Descriptor);
            }
        }
    }

    // Another socket may have taken the address of one that is gone.
    private bool IsStored(string name, IEnumerable<int> descriptors) =>
        _stored.TryGetValue(name, out var known) && known.SetEquals(IdentitiesOf(descriptors));

    private static HashSet<FileIdentity> IdentitiesOf(IEnumerable<int> descriptors) =>
        [.. descriptors.Select(FileIdentity.Of).OfType<FileIdentity>()];

    private void Store(string name, int[] descriptors)
    {
        if (_count + descriptors.Length > room)
        {
            if (!_isFull)
            {
                LogFull(room);
                _isFull = true;
            }

            return;
        }

        manager.Store(name, descriptors);
        _stored[name] = IdentitiesOf(descriptors);
        _count += descriptors.Length;
    }
}

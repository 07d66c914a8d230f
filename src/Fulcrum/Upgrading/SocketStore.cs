using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Plane;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Upgrading;

/// <summary>
/// Keeps copies of all sockets that clients reach with the service manager (FDSTORE=1, sd_notify(3)): while the service
/// restarts, whoever connects waits in their queues for the next process, and is not refused.
/// </summary>
internal sealed partial class SocketStore(
    ProxyPlane plane,
    ServiceManager manager,
    int room,
    TimeProvider time,
    ILogger log
)
{
    private const string Prefix = "listener/";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
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
        using var timer = new PeriodicTimer(Pause, time);
        long? seen = null;
        do
        {
            if (plane.Number is var number && number != seen)
            {
                await FollowAsync(unwanted);
                seen = number;
            }
        } while (await timer.WaitForNextTickAsync(stop));
    }

    private async Task FollowAsync(HashSet<string> unwanted)
    {
        var sockets = await plane.ShareAsync();
        try
        {
            var present = sockets.ToLookup(socket => NameOf(socket.Name), socket => socket.Descriptor);
            foreach (var gone in _stored.Union(unwanted).Where(name => !present.Contains(name)).ToList())
            {
                manager.Forget(gone);
                _stored.Remove(gone);
            }

            unwanted.Clear();
            _count = present.Where(some => _stored.Contains(some.Key)).Sum(some => some.Count());
            foreach (var some in present.Where(some => !_stored.Contains(some.Key)))
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
        _stored.Add(name);
        _count += descriptors.Length;
    }
}

using Fulcrum.Api.Listening;
using Fulcrum.Engine.Inheriting;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Plane;

namespace Fulcrum.Upgrading;

/// <summary>
/// What a process of a node begins with beside its configuration: sockets that the service manager or the process
/// before it has opened, and what that knew.
/// </summary>
internal sealed class Legacy : IDisposable
{
    /// <summary>The lock on the state directory.</summary>
    public const string LockName = "lock";

    private const string ApiPrefix = "api ";

    /// <summary>The service manager has made the file of the socket, and removes it.</summary>
    private const string LentPrefix = "lent ";

    /// <summary>The API's; the API disposes of them.</summary>
    public ApiSockets Api { get; } = new();

    public InheritedSockets Listeners { get; } = new();

    /// <summary>Null: there was no process before.</summary>
    public Inheritance? Known { get; set; }

    /// <summary>Names under which the service manager may keep sockets of a process before this one.</summary>
    public ICollection<string> Stored { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The lock on the state directory, held by whoever has a copy of it.</summary>
    public int? Lock { get; private set; }

    /// <summary>What the sockets of a process are called on their way to the next.</summary>
    public static IReadOnlyList<(string Name, int Descriptor)> Named(
        IEnumerable<(string Name, int Descriptor)> api,
        IEnumerable<SharedSocket> listeners
    ) =>
        [
            .. api.Select(socket => (ApiPrefix + socket.Name, socket.Descriptor)),
            .. listeners.Select(socket => (socket.IsLent ? LentPrefix + socket.Name : socket.Name, socket.Descriptor)),
        ];

    /// <summary>Takes over a descriptor by the name that <see cref="Named"/> gave it.</summary>
    /// <returns>Why it is of no use; it is closed then. Null: nothing is wrong.</returns>
    public string? Add(string name, int descriptor)
    {
        if (name.StartsWith(ApiPrefix, StringComparison.Ordinal))
        {
            Api.Add(name[ApiPrefix.Length..], descriptor);
            return null;
        }

        if (name != LockName)
        {
            var isLent = name.StartsWith(LentPrefix, StringComparison.Ordinal);
            Stored.Add(SocketStore.NameOf(isLent ? name[LentPrefix.Length..] : name));
            return Listeners.Add(descriptor, isLent);
        }

        if (Lock is { } other)
        {
            _ = SocketCalls.Close(other);
        }

        Lock = descriptor;
        return null;
    }

    public void Dispose() => Listeners.Dispose();
}

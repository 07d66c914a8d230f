using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Api.Listening;

/// <summary>
/// The listening sockets of the API: opened here, held by the service manager, or taken over from the process before
/// this one; and given to the one after it, so that who asks meanwhile waits instead of being refused.
/// </summary>
public sealed class ApiSockets : IDisposable
{
    private const string Own = "unix";
    private const string Managed = "managed";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _inherited = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Socket> _open = new(StringComparer.Ordinal);
    private string? _path;
    private bool _isAnothers;

    /// <summary>The service manager holds the Unix socket: its path and mode are its maker's affair.</summary>
    public bool IsManaged { get; private set; }

    /// <summary>The listening Unix socket that the service manager has passed.</summary>
    public void AddManaged(int descriptor) => Add(Managed, descriptor);

    /// <summary>Takes over a socket of the process before this one.</summary>
    public void Add(string name, int descriptor)
    {
        IsManaged |= name == Managed;
        if (_inherited.Remove(name, out var other))
        {
            _ = SocketCalls.Close(other);
        }

        _inherited[name] = descriptor;
    }

    /// <summary>Copies of all that are open, with the names by which they are added there. The caller closes them.</summary>
    public IReadOnlyList<(string Name, int Descriptor)> Share()
    {
        var shared = new List<(string, int)>();
        lock (_lock)
        {
            foreach (var (name, socket) in _open)
            {
                if (!socket.SafeHandle.IsClosed && SocketCalls.Duplicate((int)socket.Handle) is >= 0 and var copy)
                {
                    shared.Add((name, copy));
                }
            }
        }

        return shared;
    }

    /// <summary>Another process has them now: what belongs to them in the file system stays.</summary>
    public void HandOver() => _isAnothers = true;

    /// <summary>The process before this one has left them to it, with what belongs to them in the file system.</summary>
    public void TakeOver() => _isAnothers = false;

    /// <summary>Those who used the sockets have closed them.</summary>
    public void Dispose()
    {
        CloseUnclaimed();
        if (_path is not null && !_isAnothers)
        {
            File.Delete(_path);
        }
    }

    /// <summary>Of the process before this one, nobody wants these here.</summary>
    internal void CloseUnclaimed()
    {
        foreach (var descriptor in _inherited.Values)
        {
            _ = SocketCalls.Close(descriptor);
        }

        _inherited.Clear();
    }

    /// <summary>A bound socket for a server.</summary>
    /// <exception cref="IOException">There is none to be had.</exception>
    internal Socket Open(EndPoint place)
    {
        lock (_lock)
        {
            var name =
                place is not UnixDomainSocketEndPoint ? $"tcp {place}"
                : IsManaged ? Managed
                : Own;
            if (place is UnixDomainSocketEndPoint && !IsManaged)
            {
                _path = place.ToString();
            }

            var isInherited = _inherited.Remove(name, out var descriptor);
            // Until it is taken over, the process before this one goes on with it should this one fail.
            _isAnothers |= isInherited && name == Own;
            var socket =
                isInherited ? Adopt(descriptor)
                : _path is not null && name == Own ? Bind(_path)
                : SocketTransportOptions.CreateDefaultBoundListenSocket(place);
            _open[name] = socket;
            return socket;
        }
    }

    // The runtime's own Unix sockets remove their path when they are closed, also when somebody else listens there.
    private static Socket Bind(string path)
    {
        try
        {
            var descriptor = LinuxException.ThrowIfError(
                SocketCalls.Open(SocketFamily.Unix, SocketKind.Stream),
                "open a socket"
            );
            var socket = Adopt(descriptor);
            try
            {
                _ = LinuxException.ThrowIfError(SocketCalls.Bind(descriptor, SocketAddress.Unix(path)), "listen");
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (LinuxException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private static Socket Adopt(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));
}

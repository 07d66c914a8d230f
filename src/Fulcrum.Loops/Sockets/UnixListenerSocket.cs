using Fulcrum.Linux;
using Fulcrum.Linux.Files;
using Fulcrum.Linux.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Fulcrum.Loops.Sockets;

/// <summary>
/// Opens the Unix sockets that clients reach: one for all loops, because the kernel has no SO_REUSEPORT for them. Binding
/// makes a file, and a file whose maker was killed stays and keeps others from binding. So a socket that refuses
/// connections is nobody's and is replaced; one that somebody listens to, and whatever is no socket, is not touched. A
/// name in the abstract namespace has no file, and ends with its last socket (unix(7)).
/// </summary>
public static class UnixListenerSocket
{
    /// <summary>A bound socket that listens for nothing yet, with a file that only those may use whom the mode names.</summary>
    /// <exception cref="LinuxException">It cannot be had; the message says why.</exception>
    public static int Open(in SocketAddress address, SocketKind kind, UnixFileMode mode)
    {
        var name = $"listen on {NameOf(kind, address)}";
        var descriptor = LinuxException.ThrowIfError(SocketCalls.Open(SocketFamily.Unix, kind), name);
        try
        {
            // The file is made with no more than the socket itself allows: whoever sends datagrams needs no connection.
            using (var handle = new SafeFileHandle(descriptor, ownsHandle: false))
            {
                File.SetUnixFileMode(handle, mode);
            }
            var result = SocketCalls.Bind(descriptor, address);
            if (result == -(int)Errno.AddressInUse && IsLeftBehind(address, kind, name))
            {
                File.Delete(address.Path!);
                result = SocketCalls.Bind(descriptor, address);
            }
            _ = LinuxException.ThrowIfError(result, name);
            if (HasFile(address))
            {
                // The umask may have taken some of it away.
                File.SetUnixFileMode(address.Path!, mode);
            }
            return descriptor;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _ = SocketCalls.Close(descriptor);
            throw new LinuxException(Errno.AccessDenied, $"{name}: {error.Message}");
        }
        catch
        {
            _ = SocketCalls.Close(descriptor);
            throw;
        }
    }

    /// <summary>Whether the address is a name in the file system.</summary>
    public static bool HasFile(in SocketAddress address) => address.Path is ['/', ..];

    /// <summary>As a listener's address is written.</summary>
    public static string NameOf(SocketKind kind, in SocketAddress address) =>
        kind switch
        {
            SocketKind.SequencedPacket => $"unix-seqpacket:{address.Path}",
            SocketKind.Datagram => $"unix-datagram:{address.Path}",
            _ => $"unix:{address.Path}",
        };

    private static bool IsLeftBehind(in SocketAddress address, SocketKind kind, string name)
    {
        if (!HasFile(address))
        {
            return false;
        }
        if (FileKinds.Of(address.Path!) is { } file and not FileKind.Socket)
        {
            throw new LinuxException(Errno.Exists, $"{name}: what is there is no socket ({file})");
        }
        var probe = LinuxException.ThrowIfError(SocketCalls.Open(SocketFamily.Unix, kind), name);
        var result = SocketCalls.Connect(probe, address);
        _ = SocketCalls.Close(probe);
        return result is -(int)Errno.ConnectionRefused or -(int)Errno.NotFound;
    }
}

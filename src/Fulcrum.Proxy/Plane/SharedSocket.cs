using Fulcrum.Linux.Sockets;
using Fulcrum.Loops.Sockets;

namespace Fulcrum.Proxy.Plane;

/// <summary>A copy of a socket that clients reach, for somebody who takes it over or keeps it.</summary>
/// <param name="Name">Of the address: <c>tcp://192.0.2.80:443</c>. Those of all loops have the same.</param>
/// <param name="Descriptor">The receiver's to close.</param>
public readonly record struct SharedSocket(string Name, int Descriptor)
{
    /// <summary>The file by which it is reached was made by its owner, and stays when the last of us goes.</summary>
    public bool IsLent { get; init; }

    internal static string NameOf(SocketKind kind, in SocketAddress address) =>
        address.Family == SocketFamily.Unix
            ? UnixListenerSocket.NameOf(kind, address)
            : $"{(kind == SocketKind.Stream ? "tcp" : "udp")}://{address}";
}

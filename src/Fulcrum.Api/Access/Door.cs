using System.Net;

namespace Fulcrum.Api.Access;

internal enum DoorKind
{
    /// <summary>The Unix socket: the kernel says who is there.</summary>
    Socket,

    /// <summary>Whoever is on this machine, a browser and what runs in it included.</summary>
    Loopback,

    /// <summary>Anybody.</summary>
    Network,
}

/// <summary>Where a request came in.</summary>
internal sealed record Door(DoorKind Kind)
{
    public static Door Socket { get; } = new(DoorKind.Socket);

    public static Door Of(IPEndPoint endPoint) =>
        new(IPAddress.IsLoopback(endPoint.Address) ? DoorKind.Loopback : DoorKind.Network);
}

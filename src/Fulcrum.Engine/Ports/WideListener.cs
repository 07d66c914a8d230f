using Fulcrum.Linux.Sockets;

namespace Fulcrum.Engine.Ports;

/// <summary>A listener that has more addresses or ports than sockets.</summary>
/// <param name="IsDatagrams">UDP; else TCP.</param>
/// <param name="First">The first of its addresses.</param>
/// <param name="PrefixLength">So many bits of it all of them have.</param>
/// <param name="FirstPort">Of each address.</param>
/// <param name="LastPort">Of each address.</param>
/// <param name="Descriptor">One of its sockets, which stays its owner's. Those bound to the same port share what comes.</param>
public sealed record WideListener(
    bool IsDatagrams,
    SocketAddress First,
    int PrefixLength,
    int FirstPort,
    int LastPort,
    int Descriptor
);

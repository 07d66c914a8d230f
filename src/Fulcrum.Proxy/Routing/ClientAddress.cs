using Fulcrum.Engine.Admission;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Proxy.Routing;

/// <summary>A client's socket address in the form in which the engine's rules know clients.</summary>
internal static class ClientAddress
{
    public static AddressBits ToBits(this in SocketAddress client) =>
        client.Family == SocketFamily.IPv4 ? AddressBits.OfIPv4((uint)client.Bits) : new(client.Bits);

    public static bool Admits(this AccessRules rules, in SocketAddress client) =>
        client.Family == SocketFamily.Unix ? rules.AdmitsOthers : rules.Admits(client.ToBits());
}

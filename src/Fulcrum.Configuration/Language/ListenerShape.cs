using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Language;

internal static class ListenerShape
{
    public static Shape<Listener> Shape { get; } =
        new ObjectShape<Listener>(
            "listener",
            "Where clients reach a service.",
            new Listener { Protocol = ListenerProtocol.Tcp }
        )
            .Required("address", ListenerText.Shape, listener => listener, Address, "Protocol, address and port.")
            .Field(
                "interface",
                Scalars.InterfaceName,
                listener => listener.Interface,
                (listener, value) => listener with { Interface = value },
                "Only packets that come in by this interface."
            )
            .Field(
                "peer",
                HostPort.EndPointWithOptionalPort,
                listener => listener.Peer,
                (listener, value) => listener with { Peer = value },
                "For UDP: the one client that is served, from any of its ports when none is given."
            )
            .Field(
                "transparent",
                Scalars.Boolean,
                listener => listener.Transparent,
                (listener, value) => listener with { Transparent = value },
                "Takes in what was meant for any other address and is routed here (TPROXY); the backend without a port gets the port that the client meant. UDP: the firewall's rule has to keep the port."
            )
            .Field(
                "mode",
                FileModeText.Shape,
                listener => listener.Mode,
                (listener, value) => listener with { Mode = value },
                "For Unix sockets: who may use the file, as chmod has it in octal; to connect takes the right to write."
            )
            .Lift(SocketShape.Shape, listener => listener.Socket, (listener, value) => listener with { Socket = value })
            .Lift(PolicyShape.Shape, listener => listener.Policy, (listener, value) => listener with { Policy = value })
            .Or(
                ListenerText.Shape,
                listener => listener,
                listener => Address(new() { Protocol = listener.Protocol }, listener)
            );

    private static Listener Address(Listener listener, Listener from) =>
        listener with
        {
            Protocol = from.Protocol,
            Address = from.Address,
            PrefixLength = from.PrefixLength,
            Ports = from.Ports,
            Path = from.Path,
            Mark = from.Mark,
        };
}

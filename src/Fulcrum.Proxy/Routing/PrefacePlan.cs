using Fulcrum.Engine.Admission;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Routing;

/// <summary>What has to be read of a connection before a backend can be chosen for it.</summary>
internal sealed class PrefacePlan
{
    /// <summary>Whether those who are trusted may, or everybody must, begin with a PROXY header.</summary>
    public required ProxyProtocolAcceptance Acceptance { get; init; }

    /// <summary>Admits those whose PROXY headers are believed.</summary>
    public required AccessRules Trusted { get; init; }

    /// <summary>Routes or backends are chosen by what a TLS client says first.</summary>
    public required bool AsksForHello { get; init; }

    /// <summary>Milliseconds for all of it.</summary>
    public required long Timeout { get; init; }

    /// <summary>
    /// Whether a header is awaited from there: then the client is somebody else, and who it is will be told.
    /// </summary>
    public bool AwaitsHeader(in SocketAddress peer) =>
        Acceptance != ProxyProtocolAcceptance.Off && Trusted.Admits(peer);

    /// <summary>Whether nobody there can begin as everybody must.</summary>
    public bool Refuses(in SocketAddress peer) =>
        Acceptance == ProxyProtocolAcceptance.Require && !Trusted.Admits(peer);
}

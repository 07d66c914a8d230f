using System.Net;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Sockets;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Services;

/// <summary>
/// Where clients reach a service. Which of address, path and mark is set follows from the protocol. An unset
/// address means every local address of both families, or the addresses that a pool gives to the service.
/// </summary>
public sealed record Listener
{
    /// <summary>Of the proxy plane, each with sockets of its own.</summary>
    public const int MostPorts = 1024;

    /// <summary>The daemon's user and group.</summary>
    public const UnixFileMode DefaultMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    public required ListenerProtocol Protocol { get; init; }

    public IPAddress? Address { get; init; }

    /// <summary>It has all addresses that begin with so many bits of <see cref="Address"/>; null: that one.</summary>
    public int? PrefixLength { get; init; }

    /// <summary>The one address that it listens on; null: several, or none.</summary>
    public IPAddress? OwnAddress => IPAddress.Any.Equals(Address) || IPAddress.IPv6Any.Equals(Address) ? null : Address;

    public PortRange Ports { get; init; }

    /// <summary>For the Unix protocols; with a leading <c>@</c> a name in the abstract namespace.</summary>
    public string? Path { get; init; }

    /// <summary>For the Unix protocols: who may use the file of the socket.</summary>
    public UnixFileMode Mode { get; init; } = DefaultMode;

    /// <summary>For <see cref="ListenerProtocol.Mark"/>.</summary>
    public uint? Mark { get; init; }

    /// <summary>Only packets that come in by this interface.</summary>
    public string? Interface { get; init; }

    /// <summary>For UDP: the one peer that is served, from any of its ports when the port is 0.</summary>
    public IPEndPoint? Peer { get; init; }

    /// <summary>TCP and UDP: what was meant for any other address and is routed here is taken in too (TPROXY).</summary>
    public bool Transparent { get; init; }

    public SocketTuning Socket { get; init; } = SocketTuning.Unset;

    public Policy Policy { get; init; } = Policy.Unset;

    /// <summary>What clients send it are datagrams; else they have connections.</summary>
    public bool HearsDatagrams => Protocol is ListenerProtocol.Udp or ListenerProtocol.UnixDatagram;

    /// <summary>
    /// It has more addresses or ports than there can be sockets for: what clients send there is led to a few of them.
    /// </summary>
    public bool IsWide => PrefixLength is not null || (OwnAddress is not null && Ports.Last - Ports.First >= MostPorts);

    public override string ToString() =>
        Protocol switch
        {
            ListenerProtocol.Unix => $"unix:{Path}",
            ListenerProtocol.UnixDatagram => $"unix-datagram:{Path}",
            ListenerProtocol.UnixSeqpacket => $"unix-seqpacket:{Path}",
            ListenerProtocol.Mark => $"mark://{Mark}",
            ListenerProtocol.Ip => $"ip://{AddressText}",
            _ => $"{Protocol.ToString().ToLowerInvariant()}://{AddressText}:{Ports}",
        };

    private string AddressText =>
        Address is null ? ""
        : Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Address}{PrefixText}]"
        : $"{Address}{PrefixText}";

    private string PrefixText => PrefixLength is { } length ? $"/{length}" : "";
}

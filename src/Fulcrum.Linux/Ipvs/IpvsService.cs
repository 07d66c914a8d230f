using System.Net;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Ipvs;

/// <summary>
/// Which service is meant: protocol, address and port, or a mark that packets were given before.
/// </summary>
public sealed record IpvsServiceKey
{
    private IpvsServiceKey(SocketFamily family) => Family = family;

    public SocketFamily Family { get; }

    /// <summary>0: it is known by its mark.</summary>
    public byte Protocol { get; private init; }

    public IPAddress? Address { get; private init; }

    /// <summary>0 of a persistent service: all ports.</summary>
    public ushort Port { get; private init; }

    /// <summary>0: it is known by its address.</summary>
    public uint Mark { get; private init; }

    /// <param name="protocol">6 TCP, 17 UDP, 132 SCTP.</param>
    public static IpvsServiceKey Of(byte protocol, IPAddress address, ushort port) =>
        new(address.GetAddressBytes().Length == 4 ? SocketFamily.IPv4 : SocketFamily.IPv6)
        {
            Protocol = protocol,
            Address = address,
            Port = port,
        };

    public static IpvsServiceKey Of(SocketFamily family, uint mark) => new(family) { Mark = mark };

    public override string ToString() =>
        Address is null ? $"{Family} mark {Mark}" : $"{Name(Protocol)} {new IPEndPoint(Address, Port)}";

    private static string Name(byte protocol) =>
        protocol switch
        {
            6 => "tcp",
            17 => "udp",
            132 => "sctp",
            _ => $"protocol {protocol}",
        };
}

/// <summary>A service that the kernel balances.</summary>
public sealed record IpvsService
{
    public required IpvsServiceKey Key { get; init; }

    /// <summary>The name of its scheduler: rr, wrr, lc, wlc, sh, mh …</summary>
    public required string Scheduler { get; init; }

    public IpvsServiceFlags Flags { get; init; }

    /// <summary>For how long a client stays with its destination, in whole seconds.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Clients whose addresses share so many bits stay together.</summary>
    public int PersistencePrefix { get; init; }

    /// <summary>What finds the client in the payload (sip).</summary>
    public string? PersistenceEngine { get; init; }

    /// <summary>What it has done; of one to be made, nothing.</summary>
    public IpvsCounters Counters { get; init; }
}

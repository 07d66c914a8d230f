using System.Net;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Tests.Ipvs;

/// <summary>Services, destinations and daemons with all that they can be given, in any combination.</summary>
internal sealed class RandomIpvs(Random random)
{
    public IpvsService Service()
    {
        var key = Key();
        return new()
        {
            Key = key,
            Scheduler = Name(),
            Flags =
                (IpvsServiceFlags)random.Next(32)
                & (
                    IpvsServiceFlags.Persistent
                    | IpvsServiceFlags.OnePacket
                    | IpvsServiceFlags.Fallback
                    | IpvsServiceFlags.Port
                ),
            Timeout = TimeSpan.FromSeconds(random.Next()),
            PersistencePrefix = random.Next(key.Family == SocketFamily.IPv6 ? 129 : 33),
            PersistenceEngine = Coin() ? Name() : null,
        };
    }

    public IpvsServiceKey Key() =>
        Coin()
            ? IpvsServiceKey.Of(Coin() ? SocketFamily.IPv4 : SocketFamily.IPv6, (uint)random.Next(1, int.MaxValue))
            : IpvsServiceKey.Of((byte)random.Next(1, 256), IP(), (ushort)random.Next(65536));

    public IpvsDestination Destination()
    {
        var tunnel = (IpvsTunnel)random.Next(3);
        return new()
        {
            Address = IP(),
            Port = (ushort)random.Next(65536),
            Forwarding = (IpvsForwarding)random.Next(5),
            Weight = (uint)random.Next(),
            UpperThreshold = (uint)random.Next(),
            LowerThreshold = (uint)random.Next(),
            Tunnel = tunnel,
            TunnelPort = tunnel == IpvsTunnel.Gue ? (ushort)random.Next(65536) : (ushort)0,
            TunnelFlags = (IpvsTunnelFlags)random.Next(4),
        };
    }

    public IpvsDaemon Daemon() =>
        new()
        {
            Role = (IpvsDaemonRole)random.Next(1, 3),
            Interface = Name(),
            SyncId = (uint)random.Next(256),
            MostBytes = (ushort)random.Next(65536),
            Group = Coin() ? IP() : null,
            Port = (ushort)random.Next(65536),
            TimeToLive = (byte)random.Next(256),
        };

    private IPAddress IP()
    {
        var bytes = new byte[Coin() ? 4 : 16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private string Name() =>
        string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => (char)random.Next('a', 'z')));

    private bool Coin() => random.Next(2) == 0;
}

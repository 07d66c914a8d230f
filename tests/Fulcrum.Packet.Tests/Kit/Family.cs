using System.Net;
using System.Net.NetworkInformation;

namespace Fulcrum.Packet.Tests.Kit;

/// <summary>Addresses of one family: a client, a vip, backends and ours.</summary>
internal sealed record Family(
    string Name,
    IPAddress Vip,
    IPAddress Router,
    IPAddress Ours,
    string Clients,
    string Backends
)
{
    public const int VipPort = 80;

    public static readonly Family Four = new(
        "IPv4",
        IPAddress.Parse("192.0.2.1"),
        IPAddress.Parse("198.51.100.77"),
        IPAddress.Parse("10.0.0.254"),
        "198.51.100.{0}",
        "10.0.0.{0}"
    );

    public static readonly Family Six = new(
        "IPv6",
        IPAddress.Parse("2001:db8::1"),
        IPAddress.Parse("2001:db8:77::1"),
        IPAddress.Parse("fd00::fe"),
        "2001:db8:c::{0}",
        "fd00::{0}"
    );

    public static readonly PhysicalAddress RouterHardware = PhysicalAddress.Parse("02-00-00-00-00-01");
    public static readonly PhysicalAddress OurHardware = PhysicalAddress.Parse("02-00-00-00-00-02");

    public bool IsSix => this == Six;

    public int HeaderLength => IsSix ? 40 : 20;

    public IPEndPoint At(int port = VipPort) => new(Vip, port);

    public IPEndPoint Client(int port, int number = 9) =>
        new(IPAddress.Parse(string.Format(null, Clients, number)), port);

    public IPAddress Backend(int number) => IPAddress.Parse(string.Format(null, Backends, number));

    public static PhysicalAddress HardwareOf(int backend) => new([2, 0, 0, 0, 1, (byte)backend]);

    public static Family Of(int version) => version == 6 ? Six : Four;

    public override string ToString() => Name;
}

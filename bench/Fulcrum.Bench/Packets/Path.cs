using System.Net;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Bench.Packets;

/// <summary>A way through the program.</summary>
/// <param name="Name">Of its row.</param>
/// <param name="Forwarding">Of the backend.</param>
/// <param name="Outside">The family of a tunnel's outside; else 0.</param>
/// <param name="IsIPv6">The packet.</param>
/// <param name="Protocol">Of the packet.</param>
/// <param name="Flags">Of TCP.</param>
/// <param name="MostLean">How many times an empty program it may cost with nothing loaded that it does not need.</param>
/// <param name="MostFull">The same with everything.</param>
internal sealed record Path(
    string Name,
    BackendForwarding Forwarding,
    int Outside,
    bool IsIPv6,
    byte Protocol,
    byte Flags,
    double MostLean,
    double MostFull
)
{
    private const uint Number = 1;
    private const int Slots = 65_537;
    private const int Port = 80;

    public static readonly Path[] All =
    [
        new("not a vip", BackendForwarding.None, 0, false, Frames.Tcp, Frames.Ack, 5, 7),
        new("direct, IPv4 TCP, known", BackendForwarding.Direct, 0, false, Frames.Tcp, Frames.Ack, 5, 7),
        new("direct, IPv4 UDP, known", BackendForwarding.Direct, 0, false, Frames.Udp, 0, 5, 7),
        // No hit: it asks the ring, too.
        new("direct, IPv4 TCP, SYN", BackendForwarding.Direct, 0, false, Frames.Tcp, Frames.Syn, 6, 8),
        new("direct, IPv6 TCP, known", BackendForwarding.Direct, 0, true, Frames.Tcp, Frames.Ack, 5, 7),
        new("IPv4 in IPv4, known", BackendForwarding.IpInIp, 4, false, Frames.Tcp, Frames.Ack, 6, 8),
        new("IPv4 in IPv6, known", BackendForwarding.IpInIp, 6, false, Frames.Tcp, Frames.Ack, 6, 8),
        new("IPv6 in IPv6, known", BackendForwarding.IpInIp, 6, true, Frames.Tcp, Frames.Ack, 6, 8),
        new("GUE over IPv4, known", BackendForwarding.Gue, 4, false, Frames.Tcp, Frames.Ack, 6, 8),
        new("GUE over IPv6, known", BackendForwarding.Gue, 6, false, Frames.Tcp, Frames.Ack, 6, 8),
        new("NAT, IPv4, known", BackendForwarding.Nat, 0, false, Frames.Tcp, Frames.Ack, 6, 8),
        new("NAT, IPv6, known", BackendForwarding.Nat, 0, true, Frames.Tcp, Frames.Ack, 6, 8),
        new("full NAT, IPv4, known", BackendForwarding.FullNat, 0, false, Frames.Tcp, Frames.Ack, 6, 8),
    ];

    private IPAddress Vip => IPAddress.Parse(IsIPv6 ? "2001:db8::1" : "192.0.2.1");

    private bool IsBackendIPv6 => Outside == 0 ? IsIPv6 : Outside == 6;

    /// <summary>XDP_TX, or XDP_PASS where there is no backend.</summary>
    public uint Verdict => Forwarding == BackendForwarding.None ? 2u : 3;

    public byte[] Frame =>
        Frames.Of(
            new(IPAddress.Parse(IsIPv6 ? "2001:db8:c::9" : "198.51.100.9"), 1000),
            new(Vip, Port),
            Protocol,
            Flags
        );

    /// <summary>Without what it does not need.</summary>
    public XdpOptions Lean =>
        new()
        {
            HasVlans = false,
            HasIPv6 = IsIPv6,
            HasRanges = false,
            HasPrefixes = false,
            HasSources = false,
            HasTunnels = Outside != 0,
            HasNat = Forwarding is BackendForwarding.Nat or BackendForwarding.FullNat,
        };

    public XdpProgram Load(XdpOptions options)
    {
        var program = new XdpProgram(options);
        program.Backends.Set(
            Number,
            new BackendEntry
            {
                Address = TableAddress.Of(IPAddress.Parse(IsBackendIPv6 ? "fd00::1" : "10.0.0.1")),
                Source = TableAddress.Of(IPAddress.Parse(IsBackendIPv6 ? "fd00::fe" : "10.0.0.254")),
                Hardware = new(2, 0, 1),
                SourceHardware = new(2, 0, 2),
                TunnelPort = TablePort.Of(6080),
                Mtu = 1500,
                Forwarding = Forwarding,
                Flags = BackendFlags.Up | (IsBackendIPv6 ? BackendFlags.IsIPv6 : BackendFlags.None),
            }
        );
        var ring = new uint[Slots];
        Array.Fill(ring, Number);
        program.SetRing(Number, ring);
        if (Forwarding != BackendForwarding.None)
        {
            program.Vips.Set(
                new VipKey(TableAddress.Of(Vip), TablePort.Of(Port), Protocol),
                new VipEntry(Number, VipFlags.None, Slots)
            );
        }

        return program;
    }
}

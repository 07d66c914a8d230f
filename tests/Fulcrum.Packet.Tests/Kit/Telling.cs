using System.Net;

namespace Fulcrum.Packet.Tests.Kit;

/// <summary>ICMP errors.</summary>
internal static class Telling
{
    /// <summary>What a vip tells its client of a packet.</summary>
    public static byte[] Of(Family family, byte[] packet, byte type, byte code, int rest) =>
        Of(family, family.Vip, family.Client(0).Address, packet[..(family.HeaderLength + 8)], type, code, rest);

    /// <summary>What anybody tells anybody.</summary>
    public static byte[] Of(
        Family family,
        IPAddress source,
        IPAddress destination,
        byte[] quoted,
        byte type,
        byte code,
        int rest,
        int ttl = 64
    ) =>
        Wire.Packet(
            source,
            destination,
            family.IsSix ? Wire.Icmp6 : Wire.Icmp,
            Wire.IcmpMessage(source, destination, type, code, rest, quoted),
            ttl
        );
}

using System.Net.Sockets;
using Fulcrum.Protocols.Icmp;

namespace Fulcrum.Protocols.Tests.Icmp;

/// <summary>What hosts and routers send, as raw sockets give it.</summary>
internal static class IcmpPackets
{
    public static byte[] Request(AddressFamily family, ushort identifier, ushort sequence, byte[] payload)
    {
        var packet = new byte[IcmpEcho.HeaderLength + payload.Length];
        Assert.Equal(packet.Length, IcmpEcho.Encode(packet, family, identifier, sequence, payload));
        return packet;
    }

    /// <summary>A request with another type, and behind an IP header where there is one.</summary>
    public static byte[] Reply(AddressFamily family, byte[] request, int options = 0) =>
        family == AddressFamily.InterNetwork
            ? V4([0, 0, 0, 0, .. request[4..]], options)
            : [129, 0, 0, 0, .. request[4..]];

    public static byte[] Error(AddressFamily family, int type, int code, byte[] quoted)
    {
        byte[] message = [(byte)type, (byte)code, 0, 0, 0, 0, 0, 0, .. quoted];
        return family == AddressFamily.InterNetwork ? V4(message) : message;
    }

    /// <summary>The packet as it was sent, with the IP header that the kernel put before it.</summary>
    public static byte[] Sent(AddressFamily family, byte[] request) =>
        family == AddressFamily.InterNetwork
            ? [.. V4Header(request.Length, 0), .. request]
            : [0x60, 0, 0, 0, 0, (byte)request.Length, 58, 64, .. new byte[32], .. request];

    public static byte[] V4(byte[] message, int options = 0)
    {
        (message[2], message[3]) = (0, 0);
        var checksum = InternetChecksum.Of(message);
        (message[2], message[3]) = ((byte)(checksum >> 8), (byte)checksum);
        return [.. V4Header(message.Length, options), .. message];
    }

    private static byte[] V4Header(int payload, int options)
    {
        var header = new byte[20 + 4 * options];
        var total = header.Length + payload;
        (header[0], header[2], header[3], header[9]) = ((byte)(0x45 + options), (byte)(total >> 8), (byte)total, 1);
        return header;
    }
}

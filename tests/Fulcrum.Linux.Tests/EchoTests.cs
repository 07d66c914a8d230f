using System.Buffers.Binary;
using System.Net;
using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit.Namespaces;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Linux.Tests;

public sealed class EchoTests
{
    private const string Everybody = "0 2147483647";
    private const string Nobody = "1 0";

    [Theory]
    [InlineData("127.0.0.1", Everybody, false, 0)]
    [InlineData("127.0.0.1", Nobody, true, 20)]
    [InlineData("::1", Everybody, false, 0)]
    [InlineData("::1", Nobody, true, 0)]
    public void An_echo_comes_back(string host, string pingGroups, bool raw, int header)
    {
        using var space = NetworkNamespace.Create("echo");
        using var sockets = new Descriptors();
        var target = SocketAddress.From(IPAddress.Parse(host), 0);
        space.Sysctl("net.ipv4.ping_group_range", pingGroups);
        var (descriptor, isRaw) = space.Run(() => (SocketCalls.OpenEcho(target.Family, out var isRaw), isRaw));
        var echo = sockets.Keep(descriptor);
        Assert.Equal(raw, isRaw);
        Assert.True(SocketCalls.Get(echo, SocketOption.ReceiveBuffer) >= 212_992);

        var (request, reply) = target.Family == SocketFamily.IPv4 ? (8, 0) : (128, 129);
        var message = Message(request, sequence: 7);
        Assert.Equal(message.Length, SocketCalls.SendTo(echo, message, target));

        var buffer = new byte[128];
        Await.Readable(echo);
        Assert.Equal(header + message.Length, SocketCalls.ReceiveFrom(echo, buffer, out var from));
        Assert.Equal(target, from);
        var answer = buffer.AsSpan(header, message.Length);
        Assert.Equal(reply, answer[0]);
        Assert.Equal(message[6..], answer[6..].ToArray());
        // Over loopback the request itself came in, too: a raw socket without a filter would show it.
        Assert.Equal(-(int)Errno.TryAgain, SocketCalls.ReceiveFrom(echo, buffer, out _));
    }

    private static byte[] Message(int type, ushort sequence)
    {
        byte[] message = [(byte)type, 0, 0, 0, 0x12, 0x34, 0, 0, .. "fulcrum!"u8];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), sequence);
        // The Internet checksum (RFC 1071); where the kernel computes it, what stands here does not matter.
        uint sum = 0;
        for (var index = 0; index < message.Length; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(index));
        }
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)~sum);
        return message;
    }
}

using System.Net;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Generic;
using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Ipvs;

public sealed class IpvsCodecTests
{
    private const int Rounds = 500;
    private const ushort Family = 30;

    private readonly Random _random = Seeds.NewRandom();
    private readonly RandomIpvs _objects;

    public IpvsCodecTests() => _objects = new(_random);

    [Fact]
    public void Services_are_read_as_they_were_written() =>
        Check(IpvsNumbers.NewService, _objects.Service, IpvsServiceCodec.Encode, IpvsReplies.TryReadService);

    [Fact]
    public void Destinations_are_read_as_they_were_written() =>
        Check(
            IpvsNumbers.NewDestination,
            _objects.Destination,
            IpvsDestinationCodec.Encode,
            IpvsReplies.DestinationsOf(SocketFamily.IPv4)
        );

    [Fact]
    public void Daemons_are_read_as_they_were_written() =>
        Check(IpvsNumbers.NewDaemon, _objects.Daemon, IpvsDaemonCodec.Encode, IpvsReplies.TryReadDaemon);

    /// <summary>The kernel gives IPv4 addresses sixteen bytes and adds flags and counters of its own.</summary>
    [Fact]
    public void A_service_is_read_as_the_kernel_writes_it()
    {
        var bytes = Write(
            IpvsNumbers.NewService,
            writer =>
            {
                var service = writer.BeginNest(IpvsNumbers.Service);
                writer.Put(1, (ushort)2);
                writer.Put(2, (ushort)6);
                writer.Put(3, [192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
                writer.PutNetworkOrder(4, 80);
                writer.Put(6, "wrr");
                writer.Put(7, [0x1b, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
                writer.Put(8, 300u);
                writer.Put(9, [255, 255, 255, 0]);
                var counters = writer.BeginNest(12);
                for (ushort i = 1; i <= 10; i++)
                {
                    writer.Put(i, i * 1_000_000_000_000ul);
                }

                writer.EndNest(counters);
                var narrow = writer.BeginNest(10);
                writer.Put(1, 1u);
                writer.EndNest(narrow);
                writer.EndNest(service);
            }
        );
        var read = Read<IpvsService>(bytes, IpvsReplies.TryReadService)!;
        Assert.Equal(IpvsServiceKey.Of(6, IPAddress.Parse("192.0.2.1"), 80), read.Key);
        Assert.Equal(IpvsServiceFlags.Persistent | IpvsServiceFlags.Fallback | IpvsServiceFlags.Port, read.Flags);
        Assert.Equal((24, TimeSpan.FromMinutes(5)), (read.PersistencePrefix, read.Timeout));
        Assert.Equal(1_000_000_000_000ul, read.Counters.Connections);
        Assert.Equal(10_000_000_000_000ul, read.Counters.OutgoingByteRate);
    }

    /// <summary>Kernels before 4.1 count in 32 bits, but bytes in 64; and they do not tell the family.</summary>
    [Fact]
    public void A_destination_is_read_as_an_old_kernel_writes_it()
    {
        var bytes = Write(
            IpvsNumbers.NewDestination,
            writer =>
            {
                var destination = writer.BeginNest(IpvsNumbers.Destination);
                writer.Put(1, IPAddress.Parse("2001:db8::1"));
                writer.PutNetworkOrder(2, 8080);
                writer.Put(3, 0x103u);
                writer.Put(7, 1u);
                writer.Put(8, 2u);
                writer.Put(9, 3u);
                var counters = writer.BeginNest(10);
                writer.Put(1, 7u);
                writer.Put(4, 8ul);
                writer.EndNest(counters);
                writer.EndNest(destination);
            }
        );
        var read = Read(bytes, IpvsReplies.DestinationsOf(SocketFamily.IPv6))!;
        Assert.Equal("[2001:db8::1]:8080", $"{read}");
        Assert.Equal((IpvsForwarding.DirectRoute, new(1, 2, 3)), (read.Forwarding, read.Connections));
        Assert.Equal((7ul, 8ul), (read.Counters.Connections, read.Counters.IncomingBytes));
    }

    private void Check<T>(byte command, Func<T> make, Action<NetlinkWriter, T> encode, NetlinkDecoder<T> decode)
        where T : class
    {
        for (var round = 0; round < Rounds; round++)
        {
            var item = make();
            var message = Write(command, writer => encode(writer, item));
            Assert.Equal(item, Read(message, decode));
            Assert.Null(Read(message.AsSpan(0, _random.Next(message.Length)), decode));
            for (var wrong = _random.Next(1, 4); wrong > 0; wrong--)
            {
                message[_random.Next(message.Length)] = (byte)_random.Next(256);
            }

            _ = Read(message, decode);
        }
    }

    private static byte[] Write(byte command, Action<NetlinkWriter> encode)
    {
        using var writer = new NetlinkWriter();
        writer.Begin(Family, NetlinkFlags.None);
        GenericMessage.Write(writer, command, IpvsNumbers.Version);
        encode(writer);
        writer.End();
        return writer.Written.ToArray();
    }

    private static T? Read<T>(ReadOnlySpan<byte> bytes, NetlinkDecoder<T> decode)
        where T : class =>
        NetlinkMessage.TryTake(ref bytes, out var message) && decode(message, out var item) ? item : null;
}

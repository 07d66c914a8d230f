using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Generic;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Neighbors;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Netlink.Rules;
using Fulcrum.Linux.Netlink.Traffic;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Fuzz;

/// <summary>
/// What a netlink socket receives. Whatever its number says, every message is read as everything; what was read can be
/// written, and what is read of that is the same from then on.
/// </summary>
internal sealed class NetlinkTarget : IFuzzTarget
{
    /// <summary>Names that are no UTF-8 become longer as they are read, and at some length fit into no attribute.</summary>
    private const int MostBytes = 16 << 10;

    public string Name => "netlink";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/netlink"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var rest = input[..Math.Min(input.Length, MostBytes)];
        while (NetlinkMessage.TryTake(ref rest, out var message))
        {
            if (NetlinkError.TryDecode(message, out var error))
            {
                _ = $"{error}";
            }

            _ = GenericFamilyCodec.TryDecode(message, out _);
            _ = IpvsReplies.TryReadService(message, out _);
            _ = IpvsReplies.DestinationsOf(SocketFamily.IPv4)(message, out _);
            _ = IpvsReplies.TryReadDaemon(message, out _);
            _ = IpvsReplies.TryReadTimeouts(message, out _);
            _ = IpvsReplies.TryReadInformation(message, out _);
            Check(new NetworkLinkCodec(), message);
            Check(new InterfaceAddressCodec(), message);
            Check(new NetworkRouteCodec(), message);
            Check(new RoutingRuleCodec(), message);
            Check(new NeighborCodec(), message);
            Check(new QueueDisciplineCodec(), message);
            Check(new TrafficFilterCodec(), message);
        }
    }

    private static void Check<T>(NetlinkCodec<T> codec, in NetlinkMessage message)
        where T : class
    {
        if (!codec.TryDecode(message.Body, out var read))
        {
            return;
        }

        // What the kernel says of an object may be more than can be asked of it: only what is written must come back.
        var once = Again(codec, read);
        var twice = Again(codec, once);
        if (!once.Equals(twice))
        {
            throw new FuzzFailureException($"{codec.Describe(once)} is read otherwise than it was written");
        }
    }

    private static T Again<T>(NetlinkCodec<T> codec, T item)
        where T : class
    {
        using var writer = new NetlinkWriter();
        writer.Begin(codec.NewType, NetlinkFlags.None);
        codec.Encode(writer, item);
        writer.End();
        var written = writer.Written;
        return NetlinkMessage.TryTake(ref written, out var message) && codec.TryDecode(message.Body, out var again)
            ? again
            : throw new FuzzFailureException($"{codec.Describe(item)} is not read at all as it was written");
    }
}

using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;
using Fulcrum.Linux.Netlink.Neighbors;
using Fulcrum.Linux.Netlink.Routes;
using Fulcrum.Linux.Netlink.Rules;
using Fulcrum.Linux.Netlink.Traffic;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class CodecTests
{
    private const int Rounds = 500;

    private readonly Random _random = Seeds.NewRandom();
    private readonly RandomObjects _objects;

    private readonly RandomTraffic _traffic;

    public CodecTests()
    {
        _objects = new(_random);
        _traffic = new(_random);
    }

    [Fact]
    public void Addresses_are_read_as_they_were_written() => Check(new InterfaceAddressCodec(), _objects.Address);

    [Fact]
    public void Links_are_read_as_they_were_written() => Check(new NetworkLinkCodec(), _objects.Link);

    [Fact]
    public void Routes_are_read_as_they_were_written() => Check(new NetworkRouteCodec(), _objects.Route);

    [Fact]
    public void Rules_are_read_as_they_were_written() => Check(new RoutingRuleCodec(), _objects.Rule);

    [Fact]
    public void Neighbors_are_read_as_they_were_written() => Check(new NeighborCodec(), _objects.Neighbor);

    [Fact]
    public void Disciplines_are_read_as_they_were_written() => Check(new QueueDisciplineCodec(), _traffic.Discipline);

    [Fact]
    public void Filters_are_read_as_they_were_written() => Check(new TrafficFilterCodec(), _traffic.Filter);

    private void Check<T>(NetlinkCodec<T> codec, Func<T> make)
        where T : class
    {
        for (var round = 0; round < Rounds; round++)
        {
            var item = make();
            var message = Encode(codec, item);
            Assert.Equal(item, Decode(codec, message));

            // What is cut off is no message; a body that is cut off between attributes is a shorter one.
            var cut = message.AsSpan(0, _random.Next(message.Length)).ToArray();
            Assert.Null(Decode(codec, cut));
            _ = codec.TryDecode(message.AsSpan(16, Math.Max(0, cut.Length - 16)), out _);

            // And anything may be wrong.
            for (var wrong = _random.Next(1, 4); wrong > 0; wrong--)
            {
                message[_random.Next(message.Length)] = (byte)_random.Next(256);
            }

            _ = Decode(codec, message);
        }
    }

    private static byte[] Encode<T>(NetlinkCodec<T> codec, T item)
        where T : class
    {
        using var writer = new NetlinkWriter();
        writer.Begin(codec.NewType, NetlinkFlags.Create);
        codec.Encode(writer, item);
        writer.End();
        return writer.Written.ToArray();
    }

    private static T? Decode<T>(NetlinkCodec<T> codec, ReadOnlySpan<byte> bytes)
        where T : class =>
        NetlinkMessage.TryTake(ref bytes, out var message) && codec.TryDecode(message.Body, out var item) ? item : null;
}

using System.Net;
using Fulcrum.Linux.Netlink.Traffic;

namespace Fulcrum.Linux.Tests.Netlink;

/// <summary>Disciplines and filters with all that they can have, in any combination.</summary>
internal sealed class RandomTraffic(Random random)
{
    private static readonly byte[] Carriers = [6, 17, 132];

    public QueueDiscipline Discipline() =>
        new()
        {
            Interface = random.Next(),
            Kind = Text(),
            Handle = (uint)random.Next(),
            Parent = (uint)random.Next(),
        };

    public TrafficFilter Filter()
    {
        var isKnown = random.Next(8) > 0;
        return new()
        {
            Interface = random.Next(),
            Direction = (TrafficDirection)random.Next(2),
            Priority = (ushort)random.Next(1 << 16),
            Protocol = (ushort)random.Next(1 << 16),
            Handle = (uint)random.Next(),
            Chain = (uint)(random.Next(2) * random.Next()),
            Kind = isKnown ? TrafficFilter.Flower : "other" + Text(),
            Match = isKnown ? Match() : null,
            Actions = isKnown ? [.. Enumerable.Range(0, random.Next(4)).Select(_ => Action())] : [],
        };
    }

    private FlowerMatch Match()
    {
        var hasPorts = Coin();
        return new()
        {
            Protocol = hasPorts ? Carriers[random.Next(3)] : Perhaps(() => (byte)random.Next(256)),
            Source = Coin() ? Prefix() : null,
            Destination = Coin() ? Prefix() : null,
            IsFragment = Coin() ? Coin() : null,
            SourcePorts = hasPorts && Coin() ? Ports() : null,
            DestinationPorts = hasPorts && Coin() ? Ports() : null,
        };
    }

    private TrafficAction Action()
    {
        TrafficAction action = random.Next(3) switch
        {
            0 => new PlainAction(),
            1 => new MarkAction((uint)random.Next(), Coin() ? uint.MaxValue : (uint)random.Next()),
            _ => Tracking(),
        };
        return action with { Then = (TrafficVerdict)random.Next(-1, 4), Cookie = Coin() ? Text() : null };
    }

    private TrackingAction Tracking()
    {
        var length = Coin() ? 4 : 16;
        var first = Coin() ? Address(length) : null;
        return new((TrackingFlags)random.Next(64))
        {
            Zone = (ushort)random.Next(1 << 16),
            First = first,
            Last = first is not null && Coin() ? Address(length) : null,
            Ports = Coin() ? Ports() : null,
        };
    }

    private TrafficPorts Ports() => new((ushort)random.Next(1 << 16), (ushort)random.Next(1 << 16));

    private IPNetwork Prefix()
    {
        var length = Coin() ? 4 : 16;
        var bits = random.Next(1, (length * 8) + 1);
        var bytes = Address(length).GetAddressBytes();
        for (var i = 0; i < length; i++)
        {
            bytes[i] &= (byte)(0xff << (8 - Math.Clamp(bits - (i * 8), 0, 8)));
        }

        return new(new IPAddress(bytes), bits);
    }

    private IPAddress Address(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private string Text() =>
        string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => (char)random.Next('!', 0x7f)));

    private byte? Perhaps(Func<byte> make) => Coin() ? make() : null;

    private bool Coin() => random.Next(2) == 0;
}

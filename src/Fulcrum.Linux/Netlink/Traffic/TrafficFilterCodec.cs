using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary><c>struct tcmsg</c> and what follows it, of filters.</summary>
internal sealed class TrafficFilterCodec : NetlinkCodec<TrafficFilter>
{
    public override ushort NewType => 44;

    public override uint[] Groups => [TrafficNumbers.Group];

    public override string Plural => "filters";

    public override string Describe(TrafficFilter item) => $"filter {item}";

    public override void Encode(NetlinkWriter writer, TrafficFilter item)
    {
        EncodeKey(writer, item);
        if (item is { Kind: TrafficFilter.Bpf, Program: { } program })
        {
            var nest = writer.BeginNest(TrafficNumbers.Options);
            FilterProgramCodec.Encode(writer, program);
            writer.EndNest(nest);
        }

        if (item is not { Kind: TrafficFilter.Flower, Match: { } match })
        {
            return;
        }

        var options = writer.BeginNest(TrafficNumbers.Options);
        FlowerMatchCodec.Encode(writer, item.Protocol, match);
        if (item.Actions.Count > 0)
        {
            var actions = writer.BeginNest(FlowerKeys.Actions);
            TrafficActionCodec.Encode(writer, item.Actions);
            writer.EndNest(actions);
        }

        writer.EndNest(options);
    }

    public override void EncodeKey(NetlinkWriter writer, TrafficFilter item)
    {
        EncodePlace(writer, item.Interface, item.Direction, item.Handle, Information(item));
        writer.Put(TrafficNumbers.Kind, item.Kind);
        if (item.Chain != 0)
        {
            writer.Put(TrafficNumbers.Chain, item.Chain);
        }
    }

    /// <summary>The kernel lists them of one place only, and without one tells nothing.</summary>
    public override void EncodeQuestion(NetlinkWriter writer) => writer.Structure(TrafficNumbers.HeaderLength);

    public static void EncodePlace(
        NetlinkWriter writer,
        int link,
        TrafficDirection direction,
        uint handle = 0,
        uint information = 0
    )
    {
        var header = writer.Structure(TrafficNumbers.HeaderLength);
        MemoryMarshal.Write(header[4..], link);
        MemoryMarshal.Write(header[8..], handle);
        MemoryMarshal.Write(
            header[12..],
            direction == TrafficDirection.Ingress ? TrafficNumbers.Ingress : TrafficNumbers.Egress
        );
        MemoryMarshal.Write(header[16..], information);
    }

    public override bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out TrafficFilter? item)
    {
        item = null;
        if (body.Length < TrafficNumbers.HeaderLength)
        {
            return false;
        }

        // Disciplines that queue have filters too, for other purposes.
        var parent = MemoryMarshal.Read<uint>(body[12..]);
        if (parent is not (TrafficNumbers.Ingress or TrafficNumbers.Egress))
        {
            return false;
        }

        string? kind = null;
        uint chain = 0;
        ReadOnlySpan<byte> options = default;
        var attributes = new AttributeReader(body[TrafficNumbers.HeaderLength..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case TrafficNumbers.Kind:
                    kind = attributes.Text();
                    break;
                case TrafficNumbers.Chain:
                    chain = attributes.UInt32();
                    break;
                case TrafficNumbers.Options:
                    options = attributes.Value;
                    break;
            }
        }

        FlowerMatch? match = null;
        List<TrafficAction> actions = [];
        if (kind == TrafficFilter.Flower && !options.IsEmpty)
        {
            match = FlowerMatchCodec.Decode(new(options), out var isWhole);
            attributes.Include(isWhole);
            actions = Actions(options, ref attributes);
        }

        FilterProgram? program = null;
        if (kind == TrafficFilter.Bpf && !options.IsEmpty)
        {
            program = FilterProgramCodec.Decode(new(options), out var isWhole);
            attributes.Include(isWhole);
        }

        if (!attributes.IsWhole || kind is null)
        {
            return false;
        }

        var information = MemoryMarshal.Read<uint>(body[16..]);
        item = new()
        {
            Interface = MemoryMarshal.Read<int>(body[4..]),
            Direction = parent == TrafficNumbers.Ingress ? TrafficDirection.Ingress : TrafficDirection.Egress,
            Handle = MemoryMarshal.Read<uint>(body[8..]),
            Priority = (ushort)(information >> 16),
            Protocol = BinaryPrimitives.ReverseEndianness((ushort)information),
            Chain = chain,
            Kind = kind,
            Match = match,
            Actions = actions,
            Program = program,
        };
        return true;
    }

    private static List<TrafficAction> Actions(ReadOnlySpan<byte> options, ref AttributeReader attributes)
    {
        var reader = new AttributeReader(options);
        List<TrafficAction> actions = [];
        while (reader.Next())
        {
            if (reader.Type == FlowerKeys.Actions)
            {
                actions = TrafficActionCodec.Decode(reader.Nested(), out var isWhole);
                attributes.Include(isWhole);
            }
        }

        return actions;
    }

    // The protocol is in network order, within a number that is in the machine's.
    private static uint Information(TrafficFilter item) =>
        ((uint)item.Priority << 16) | BinaryPrimitives.ReverseEndianness(item.Protocol);
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary><c>struct tcmsg</c> and the kind; what a kind has of its own is left out.</summary>
internal sealed class QueueDisciplineCodec : NetlinkCodec<QueueDiscipline>
{
    public override ushort NewType => 36;

    public override uint[] Groups => [TrafficNumbers.Group];

    public override string Plural => "queueing disciplines";

    public override string Describe(QueueDiscipline item) => $"{item}";

    public override void Encode(NetlinkWriter writer, QueueDiscipline item)
    {
        var header = writer.Structure(TrafficNumbers.HeaderLength);
        MemoryMarshal.Write(header[4..], item.Interface);
        MemoryMarshal.Write(header[8..], item.Handle);
        MemoryMarshal.Write(header[12..], item.Parent);
        writer.Put(TrafficNumbers.Kind, item.Kind);
    }

    public override void EncodeQuestion(NetlinkWriter writer) => writer.Structure(TrafficNumbers.HeaderLength);

    public override bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out QueueDiscipline? item)
    {
        item = null;
        if (body.Length < TrafficNumbers.HeaderLength)
        {
            return false;
        }

        string? kind = null;
        var attributes = new AttributeReader(body[TrafficNumbers.HeaderLength..]);
        while (attributes.Next())
        {
            if (attributes.Type == TrafficNumbers.Kind)
            {
                kind = attributes.Text();
            }
        }

        if (!attributes.IsWhole || kind is null)
        {
            return false;
        }

        item = new()
        {
            Interface = MemoryMarshal.Read<int>(body[4..]),
            Kind = kind,
            Handle = MemoryMarshal.Read<uint>(body[8..]),
            Parent = MemoryMarshal.Read<uint>(body[12..]),
        };
        return true;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>A message of protocol buffers without its schema: fields by number.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ulong Value, byte[] Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            var (value, content) = (0UL, Array.Empty<byte>());
            switch (tag & 7)
            {
                case 0:
                    value = Varint(ref bytes);
                    break;
                case 1:
                    value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    content = bytes[..length].ToArray();
                    bytes = bytes[length..];
                    break;
                case 5:
                    value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
                    bytes = bytes[4..];
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7}");
            }

            _fields.Add(((int)(tag >> 3), value, content));
        }
    }

    public string Text(int number) => Encoding.UTF8.GetString(_fields.First(field => field.Number == number).Bytes);

    public ulong Number(int number) => _fields.First(field => field.Number == number).Value;

    /// <summary>Messages under a path of fields.</summary>
    public IEnumerable<ProtobufMessage> All(params int[] path) =>
        path.Length == 0
            ? [this]
            : _fields
                .Where(field => field.Number == path[0])
                .SelectMany(field => new ProtobufMessage(field.Bytes).All(path[1..]));

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}

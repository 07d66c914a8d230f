using System.Text;
using System.Text.Json;
using Fulcrum.Engine.Events;

namespace Fulcrum.Api.Events;

/// <summary>
/// Events as server-sent events (HTML living standard, section 9.2), each written once however many listen: as many
/// frames are kept as there are events.
/// </summary>
internal sealed class EventFrames(EventLog log)
{
    private static readonly ApiJson Compact = new(
        new JsonSerializerOptions(ApiJson.Default.Options) { WriteIndented = false }
    );

    // Whoever comes second for a frame may make it again; what is there is whole, since a reference is.
    private readonly Frame?[] _frames = new Frame?[log.Capacity];

    public static byte[] Gap(GapDocument gap) =>
        Encoding.UTF8.GetBytes($"event: gap\ndata: {JsonSerializer.Serialize(gap, Compact.GapDocument)}\n\n");

    public byte[] Of(NodeEvent one)
    {
        var at = one.Sequence % _frames.Length;
        if (_frames[at] is { } frame && frame.Sequence == one.Sequence)
        {
            return frame.Bytes;
        }

        var document = EventDocument.Of(one);
        var bytes = Encoding.UTF8.GetBytes(
            $"id: {new EventPlace(log.Run, one.Sequence)}\nevent: {document.Type}\ndata: {JsonSerializer.Serialize(document, Compact.EventDocument)}\n\n"
        );
        _frames[at] = new(one.Sequence, bytes);
        return bytes;
    }

    private sealed record Frame(long Sequence, byte[] Bytes);
}

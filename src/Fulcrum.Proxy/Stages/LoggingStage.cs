using System.Buffers;
using System.Globalization;
using System.Text;
using Fulcrum.Model.Stages;
using Fulcrum.Proxy.AccessLogs;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// Writes what passes, a line for each piece as it was read: when, who, which way, how many bytes, and the bytes as text
/// in which everything that is no visible ASCII is written <c>\xNN</c>. Nobody waits for the disk: what finds no room on
/// the way there is missing from the log, and counted.
/// </summary>
internal sealed class LoggingStage(LoggerStage logger, StageContext context) : ByteStage(context)
{
    private readonly string _who =
        $"{(logger.Prefix is { } prefix ? $"{prefix} " : "")}{context.Host.Plan.Service.Name} {context.Host.Client} "
        + (context.Direction == StageDirection.Ingress ? ">" : "<");

    public override int Read(Span<byte> buffer)
    {
        var count = Source.Read(buffer);
        if (count > 0 && Context.Log.HasRoom)
        {
            Context.Log.Add(logger.File, Context.Host.Reactor.Microseconds, Line(buffer[..count]));
        }
        else if (count > 0)
        {
            Context.Log.CountDropped();
        }
        return count;
    }

    private byte[] Line(ReadOnlySpan<byte> data)
    {
        var text = new ArrayBufferWriter<byte>(_who.Length + data.Length + 32);
        Encoding.UTF8.GetBytes(_who, text);
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {data.Length} \""), text);
        VisibleText.Write(text, data);
        text.Write("\"\n"u8);
        return text.WrittenSpan.ToArray();
    }
}

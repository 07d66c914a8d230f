using System.Buffers;
using System.Globalization;
using System.Text;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Stages;
using Fulcrum.Proxy.AccessLogs;

namespace Fulcrum.Proxy.Stages;

/// <summary>
/// What a logger writes of one piece that passes: who, which way, how many bytes, and the bytes as text in which
/// everything that is no visible ASCII is written <c>\xNN</c>. Nobody waits for the disk: what finds no room on the way
/// there is missing from the log, and counted.
/// </summary>
internal sealed class StageLine(
    LoggerStage logger,
    StageLog log,
    string service,
    in SocketAddress client,
    StageDirection direction
)
{
    private readonly string _who =
        $"{(logger.Prefix is { } prefix ? $"{prefix} " : "")}{service} {client} "
        + (direction == StageDirection.Ingress ? ">" : "<");

    /// <param name="at">The loop's time, in microseconds.</param>
    /// <param name="data">What passes.</param>
    public void Write(long at, ReadOnlySpan<byte> data)
    {
        if (log.HasRoom)
        {
            log.Add(logger.File, at, TextOf(data));
        }
        else
        {
            log.CountDropped();
        }
    }

    private byte[] TextOf(ReadOnlySpan<byte> data)
    {
        var text = new ArrayBufferWriter<byte>(_who.Length + data.Length + 32);
        Encoding.UTF8.GetBytes(_who, text);
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {data.Length} \""), text);
        VisibleText.Write(text, data);
        text.Write("\"\n"u8);
        return text.WrittenSpan.ToArray();
    }
}

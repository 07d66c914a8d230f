using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.AccessLogs;

/// <summary>
/// A record as a line. As text: time, service, listener, client, backend, bytes in, bytes out, seconds to connect, seconds
/// in all, how it ended; a dash stands for what there is not.
/// </summary>
internal static class AccessText
{
    public static void Write(IBufferWriter<byte> to, in AccessRecord record, DateTimeOffset at)
    {
        if (record.Plan.Log!.Format == LogFormat.Json)
        {
            WriteJson(to, record, at);
        }
        else
        {
            Encoding.UTF8.GetBytes(Line(record, at), to);
        }
        to.Write("\n"u8);
    }

    private static string Line(in AccessRecord record, DateTimeOffset at)
    {
        var plan = record.Plan;
        var connect = record.Connect < 0 ? "-" : Seconds(record.Connect);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Time(at)} {plan.Service.Name} {plan.Listener} {Client(record)} {Backend(record) ?? "-"} {record.BytesIn} {record.BytesOut} {connect} {Seconds(record.Duration)} {Word(record.End)}"
        );
    }

    private static void WriteJson(IBufferWriter<byte> to, in AccessRecord record, DateTimeOffset at)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("time", Time(at));
        json.WriteString("service", record.Plan.Service.Name);
        json.WriteString("listener", record.Plan.Listener);
        json.WriteString("client", Client(record));
        if (record.Backend is { } backend)
        {
            json.WriteString("upstream", backend.Key.Upstream);
            json.WriteString("backend", backend.Key.Id);
        }
        json.WriteNumber("bytes-in", record.BytesIn);
        json.WriteNumber("bytes-out", record.BytesOut);
        if (record.Connect >= 0)
        {
            json.WriteNumber("connect", record.Connect / 1e6);
        }
        json.WriteNumber("duration", record.Duration / 1e6);
        json.WriteString("end", Word(record.End));
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset at) =>
        at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Seconds(long microseconds) =>
        (microseconds / 1e6).ToString("0.000000", CultureInfo.InvariantCulture);

    private static string? Backend(in AccessRecord record) =>
        record.Backend is { } backend ? $"{backend.Key.Upstream}/{backend.Key.Id}" : null;

    private static string Client(in AccessRecord record) =>
        record.Client.Family == SocketFamily.Unix ? "unix" : record.Client.ToString();

    private static string Word(SessionEnd end) =>
        end switch
        {
            SessionEnd.Closed => "closed",
            SessionEnd.Reset => "reset",
            SessionEnd.Idle => "idle",
            SessionEnd.Unserved => "unserved",
            SessionEnd.Refused => "refused",
            SessionEnd.Silent => "silent",
            SessionEnd.QueueFull => "queue-full",
            SessionEnd.QueueTimeout => "queue-timeout",
            SessionEnd.TooLong => "too-long",
            SessionEnd.Evicted => "evicted",
            _ => "aborted",
        };
}

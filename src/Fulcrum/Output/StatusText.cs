using System.Globalization;
using System.Text;
using Fulcrum.Api.Status;

namespace Fulcrum.Output;

/// <summary>The status as people read it.</summary>
internal static class StatusText
{
    public static string Of(StatusDocument status)
    {
        var text = new StringBuilder();
        var uptime = TimeProvider.System.GetUtcNow() - status.Started;
        text.Append(
            CultureInfo.InvariantCulture,
            $"{status.Node} · fulcrum {status.Version} · pid {status.Pid} · up {Spans.Age(uptime)} · generation {status.Generation}\n{status.Source}\n"
        );
        AppendChecks(text, status.Checks);
        foreach (var service in status.Services)
        {
            Append(text, service);
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void AppendChecks(StringBuilder text, ChecksStatus checks)
    {
        (int Count, string What)[] counts =
        [
            (checks.Unhealthy, "unhealthy"),
            (checks.Unknown, "unknown"),
            (checks.Healthy, "healthy"),
        ];
        var told = counts.Where(one => one.Count > 0).Select(one => $"{Number(one.Count)} {one.What}").ToList();
        if (told.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"checks: {string.Join(", ", told)}\n");
        }
    }

    private static void Append(StringBuilder text, ServiceStatus service)
    {
        var counters = service.Counters;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{service.Name}  {(service.Healthy ? "healthy" : "DOWN")}  {string.Join(", ", service.Listen)}\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"  {counters.Active} active, {counters.Total} in all, {Bytes(counters.BytesIn)} in, {Bytes(counters.BytesOut)} out"
        );
        AppendTrouble(text, counters);
        var table = new TextTable("BACKEND", "DUTY", "HEALTH", "WEIGHT", "ACTIVE", "TOTAL", "FAILED", "REASON");
        foreach (var backend in service.Backends)
        {
            table.Add(
                backend.Id,
                backend.Duty,
                backend.Health,
                Number(backend.Weight),
                Number(backend.Counters.Active),
                Number(backend.Counters.Total),
                Number(backend.Counters.ConnectFailures),
                backend.Reason
            );
        }

        table.AppendTo(text, "  ");
    }

    private static void AppendTrouble(StringBuilder text, CountersStatus counters)
    {
        (long Count, string What)[] troubles =
        [
            (counters.Refused, "refused"),
            (counters.Retries, "retried"),
            (counters.IdleTimeouts, "idle"),
            (counters.Resets, "reset"),
            (counters.Dropped, "dropped"),
        ];
        foreach (var (count, what) in troubles)
        {
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $", {count} {what}");
            }
        }

        text.Append('\n');
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }
}

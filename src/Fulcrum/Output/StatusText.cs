using System.Text;
using Fulcrum.Api.Status;

namespace Fulcrum.Output;

/// <summary>The status as people read it: what is wrong first, and no more than a screen of each thing.</summary>
internal sealed class StatusText(StatusDocument status, Look look)
{
    /// <summary>Lines of one table; what is in trouble comes first.</summary>
    private const int MostLines = 20;

    private readonly StringBuilder _text = new();

    public static string Of(StatusDocument status, Look look) => new StatusText(status, look).Write();

    private string Write()
    {
        AppendHead();
        AppendTroubles();
        AppendServices();
        AppendBackends();
        AppendVips();
        AppendOverrides();
        return _text.ToString().TrimEnd('\n');
    }

    private void AppendHead()
    {
        string[] facts =
        [
            $"fulcrum {status.Version}",
            $"up {Spans.Age(look.Now - status.Started)}",
            $"generation {status.Generation}",
            $"pid {status.Pid}",
        ];
        var rest = string.Join($" {look.Dot} ", facts.Prepend(""));
        var name = Table.Clean(status.Node);
        Append(Ink.Paint(name, Tone.Strong, look) + Fit(rest, CellWidth.Of(name)));
        Append(Ink.Paint(Fit(Table.Clean(status.Source), 0), Tone.Dim, look));
        AppendCounts(
            "checks",
            (status.Checks.Unhealthy, "unhealthy", Tone.Bad),
            (status.Checks.Unknown, "unknown", Tone.Warning),
            (status.Checks.Healthy, "healthy", Tone.Good)
        );
        AppendCounts(
            "certificates",
            (status.Certificates.Troubled, "in trouble", Tone.Bad),
            (status.Certificates.Expiring, "expiring", Tone.Warning),
            (status.Certificates.Pending, "pending", Tone.Warning),
            (status.Certificates.Valid, "valid", Tone.Good)
        );

        if (status.ConfirmBy is { } by)
        {
            Append(
                Ink.Paint(
                    $"The last change is taken back in {Spans.Age(by - look.Now)}, unless 'fulcrum confirm' comes first.",
                    Tone.Warning,
                    look
                )
            );
        }
    }

    private void AppendCounts(string of, params (int Count, string What, Tone Tone)[] counts)
    {
        var told = counts
            .Where(one => one.Count > 0)
            .Select(one => Ink.Paint($"{one.Count} {one.What}", one.Tone, look))
            .ToList();
        if (told.Count > 0)
        {
            Append($"{of}: {string.Join(", ", told)}");
        }
    }

    private void AppendTroubles()
    {
        var table = new Table(
            new("TROUBLE") { Least = 16, KeepsEnd = true },
            new("RETRY IN")
            {
                Right = true,
                Optional = true,
                Drop = 1,
            },
            new("REASON") { Least = 20 }
        );
        foreach (var trouble in status.Troubles.Take(MostLines))
        {
            table.Add(
                new($"{trouble.Kind}/{trouble.Name}", Tone.Bad),
                trouble.RetryAt is { } at ? Spans.Age(at - look.Now) : "",
                trouble.Reason
            );
        }

        Append(table, status.Troubles.Count, null);
    }

    private void AppendServices()
    {
        var table = new Table(
            new("SERVICE") { Least = 12, KeepsEnd = true },
            new("HEALTH"),
            new("SERVING") { Right = true },
            new("ACTIVE") { Right = true, Drop = 2 },
            new("TOTAL") { Right = true, Drop = 4 },
            new("IN") { Right = true, Drop = 5 },
            new("OUT") { Right = true, Drop = 5 },
            new("TROUBLE")
            {
                Least = 12,
                Drop = 3,
                Optional = true,
            },
            new("LISTEN") { Least = 22, Drop = 1 }
        );
        foreach (var service in status.Services.OrderBy(service => service.Healthy).Take(MostLines))
        {
            var counters = service.Counters;
            table.Add(
                service.Name,
                Tones.Of(service.Healthy ? "healthy" : "DOWN"),
                Tones.Share(service.Backends.Count(backend => backend.Duty == "serve"), service.Backends.Count),
                Amounts.Count(counters.Active),
                Amounts.Count(counters.Total),
                Amounts.Bytes(counters.BytesIn),
                Amounts.Bytes(counters.BytesOut),
                new(Losses(service), Tone.Warning),
                string.Join(", ", service.Listen)
            );
        }

        Append(table, status.Services.Count, "services");
    }

    private void AppendBackends()
    {
        var all = status
            .Services.SelectMany(service => service.Backends)
            .GroupBy(backend => $"{backend.Upstream}/{backend.Id}", StringComparer.Ordinal)
            .Select(views => (Name: views.Key, Backend: views.MaxBy(Badness)!))
            .ToList();
        var table = new Table(
            new("BACKEND") { Least = 16, KeepsEnd = true },
            new("HEALTH"),
            new("DUTY"),
            new("WEIGHT") { Right = true, Drop = 6 },
            new("ACTIVE") { Right = true, Drop = 2 },
            new("TOTAL") { Right = true, Drop = 5 },
            new("FAILED")
            {
                Right = true,
                Drop = 4,
                Optional = true,
            },
            new("REASON") { Least = 32, Drop = 1 }
        );
        foreach (var (name, backend) in all.OrderByDescending(one => Badness(one.Backend)).Take(MostLines))
        {
            table.Add(
                name,
                Tones.Of(backend.Health),
                Tones.Of(backend.Duty),
                Amounts.Count(backend.Weight),
                Amounts.Count(backend.Counters.Active),
                Amounts.Count(backend.Counters.Total),
                backend.Counters.ConnectFailures is > 0 and var failed
                    ? new Cell(Amounts.Count(failed), Tone.Warning)
                    : "",
                backend.Reason
            );
        }

        Append(table, all.Count, "backends");
    }

    private void AppendVips()
    {
        var table = new Table(
            new("VIP") { Least = 12, KeepsEnd = true },
            new("STATE"),
            new("ADDRESSES") { Least = 15, Drop = 2 },
            new("REASON") { Least = 24, Drop = 1 }
        );
        foreach (var vip in status.Vips.OrderBy(vip => vip.State == "up").Take(MostLines))
        {
            // Down may be as it should be: another node has it.
            table.Add(
                vip.Name,
                new(vip.State, vip.State == "up" ? Tone.Good : Tone.Warning),
                string.Join(", ", vip.Addresses),
                vip.Reason
            );
        }

        Append(table, status.Vips.Count, "vips");
    }

    private void AppendOverrides()
    {
        var table = new Table(
            new("OVERRIDE") { Least = 20, KeepsEnd = true },
            new("ACTION"),
            new("BY") { Least = 6, Drop = 2 },
            new("ENDS IN") { Right = true },
            new("REASON")
            {
                Least = 24,
                Drop = 1,
                Optional = true,
            }
        );
        foreach (var decision in status.Overrides.Take(MostLines))
        {
            table.Add(
                decision.Target,
                new(Getting.OverrideKind.Action(decision), Tone.Warning),
                decision.Owner,
                Spans.Until(decision.Expires, look.Now),
                decision.Reason
            );
        }

        Append(table, status.Overrides.Count, "overrides");
    }

    private void Append(Table table, int all, string? kind)
    {
        if (all == 0)
        {
            return;
        }

        _text.Append('\n');
        table.AppendTo(_text, "", look);
        if (all > table.Count)
        {
            var where = kind is null ? "" : $": fulcrum get {kind}";
            Append(Ink.Paint($"{look.Ellipsis} and {all - table.Count} more{where}", Tone.Dim, look));
        }
    }

    private void Append(string line) => _text.Append(line).Append('\n');

    private string Fit(string text, int used) =>
        look.Width is { } width ? Table.Fit(text, Math.Max(0, width - used), false, look) : text;

    private static int Badness(BackendStatusDocument backend) =>
        backend.Health switch
        {
            "unhealthy" => 3,
            _ when backend.Duty != "serve" => 2,
            "unknown" => 1,
            _ => 0,
        };

    private static string Losses(ServiceStatus service)
    {
        var counters = service.Counters;
        (long Count, string What)[] losses =
        [
            (counters.Refused, "refused"),
            ((service.Tls?.Failed ?? 0) + (service.Tls?.Timeouts ?? 0), "TLS failed"),
            (counters.Dropped, "dropped"),
            (counters.Resets, "reset"),
            (counters.Retries, "retried"),
            (counters.IdleTimeouts, "idle"),
        ];
        return string.Join(
            ", ",
            losses.Where(one => one.Count > 0).Select(one => $"{Amounts.Count(one.Count)} {one.What}")
        );
    }
}

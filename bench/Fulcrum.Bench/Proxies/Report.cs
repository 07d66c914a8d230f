using System.Globalization;
using System.Text;
using Fulcrum.Bench.Statistics;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>Tells each row when it is measured, judges it, and in the end gives a table of all.</summary>
internal sealed class Report
{
    private const double BusyFrom = 0.9;

    private readonly Verdicts _verdicts;
    private readonly int _processors;
    private readonly StringBuilder _table = new(
        "| work | peer | throughput × | CPU each × | half within × | 99 % within × | memory × |\n"
            + "|---|---|---|---|---|---|---|\n"
    );

    /// <param name="processors">So many each proxy has.</param>
    public Report(Verdicts verdicts, int processors) => (_verdicts, _processors) = (verdicts, processors);

    /// <summary>What all rounds of a row have shown.</summary>
    /// <param name="direct">The load without a proxy: what it can do at most; null: it cannot do without.</param>
    public void Tell(Row row, Sample? direct, Measurements measured)
    {
        Console.WriteLine($"\n{row.Title}  ({row.Name})");
        if (direct is not null)
        {
            Console.WriteLine($"  {"without proxy", -14} {Rate(row, direct.PerSecond)}");
        }

        foreach (var name in measured.Contenders)
        {
            Console.WriteLine(Describe(row, name, measured));
        }

        var fulcrum = ProxyProgram.Fulcrum.Name;
        if (!measured.Has(fulcrum))
        {
            return;
        }

        if (measured.Contenders.SelectMany(measured.Agreed).Distinct().Count() > 1)
        {
            _verdicts.Fail($"{row.Name}: not all speak the same TLS, so they cannot be compared");
        }

        foreach (var peer in measured.Contenders.Where(name => name != fulcrum))
        {
            TellRatios(row, peer, measured);
        }

        Judge(row, measured);
    }

    /// <summary>Bytes of a connection that does nothing.</summary>
    public void TellIdle(Row row, IReadOnlyDictionary<string, Interval> bytes)
    {
        Console.WriteLine($"\n{row.Title}  ({row.Name})");
        foreach (var (name, each) in bytes)
        {
            Console.WriteLine($"  {name, -14} {each.Estimate, 9:0} bytes each [{each.Low:0}, {each.High:0}]");
            Cells(row.Title, name, $"{each.Estimate:0} bytes each", "", "", "", "");
        }

        if (row.MostBytes is { } most && bytes.TryGetValue(ProxyProgram.Fulcrum.Name, out var own))
        {
            _verdicts.Within(row, "bytes", own, most);
        }
    }

    public void TellTable() => Console.WriteLine($"\n{_table}");

    private static string Rate(Row row, double perSecond) =>
        $"{(perSecond * row.Unit.PerRate).ToString(row.Unit == Unit.Bytes ? "0.00" : "0", CultureInfo.InvariantCulture), 9} {row.Unit.Rate}";

    private string Describe(Row row, string name, Measurements measured)
    {
        var busy = measured.Median(name, sample => sample.BusyShare) / _processors;
        var cost = measured.Median(name, sample => sample.MicrosecondsEach) * row.Unit.PerCost;
        var line = new StringBuilder(
            $"  {name, -14} {Rate(row, measured.Median(name, sample => sample.PerSecond))}"
                + $"  {cost, 7:0.00} {row.Unit.Cost}  {busy, 4:0%} busy"
        );
        if (row.HasLatency)
        {
            var half = measured.Median(name, sample => sample.Half.TotalMilliseconds);
            var tail = measured.Median(name, sample => sample.Tail.TotalMilliseconds);
            line.Append(CultureInfo.InvariantCulture, $"  half within {half:0.000} ms, 99 % within {tail:0.000} ms");
        }

        line.Append(CultureInfo.InvariantCulture, $"  {measured.Median(name, sample => sample.Memory):0.0} MiB");
        line.Append(
            CultureInfo.InvariantCulture,
            $"  load {measured.Median(name, sample => sample.LoadShare):0%} busy"
        );
        if (row.IsSecure)
        {
            line.Append(CultureInfo.InvariantCulture, $"  {string.Join(" and ", measured.Agreed(name))}");
        }

        if (measured.Errors(name) is > 0 and var errors)
        {
            line.Append(CultureInfo.InvariantCulture, $"  {errors} {(row.IsDatagrams ? "LOST" : "ERRORS")}");
        }

        return line.ToString();
    }

    private void TellRatios(Row row, string peer, Measurements measured)
    {
        Interval Ratio(Func<Sample, double> value) => measured.Ratio(ProxyProgram.Fulcrum.Name, peer, value);
        var rate = Write(Ratio(sample => sample.PerSecond));
        var cpu = Write(Ratio(sample => sample.MicrosecondsEach));
        var half = row.HasLatency ? Write(Ratio(sample => sample.Half.TotalMicroseconds)) : "";
        var tail = row.HasLatency ? Write(Ratio(sample => sample.Tail.TotalMicroseconds)) : "";
        var memory = Ratio(sample => sample.Memory).Estimate.ToString("0.0", CultureInfo.InvariantCulture);
        var latency = row.HasLatency ? $", half within {half}, 99 % within {tail}" : "";
        Console.WriteLine($"  fulcrum/{peer}: throughput {rate}, CPU each {cpu}{latency}, memory {memory}");
        Cells(row.Title, peer, rate, cpu, half, tail, memory);
    }

    private static string Write(Interval ratio) => $"{ratio.Estimate:0.00} [{ratio.Low:0.00}, {ratio.High:0.00}]";

    private void Cells(params string[] cells) =>
        _table.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");

    private void Judge(Row row, Measurements measured)
    {
        var (fulcrum, peer) = (ProxyProgram.Fulcrum.Name, PeerOf(row));
        if (row.Goal is not { } goal || !measured.Has(peer))
        {
            return;
        }

        var areBusy = new[] { fulcrum, peer }.All(name =>
            measured.Median(name, sample => sample.BusyShare) >= BusyFrom * _processors
        );
        var throughput = areBusy ? goal.ThroughputOfBusy ?? goal.Throughput : goal.Throughput;
        var bare = ProxyProgram.Bare.Name;
        var isOutOfReach =
            goal.OfFloor is not null
            && measured.Has(bare)
            && measured.Ratio(bare, peer, sample => sample.PerSecond).Estimate * goal.OfFloor < throughput;
        // Beside the floor itself, in the same rounds, and not by way of the peer: what slows one of them slows both.
        var (beside, least) = isOutOfReach ? (bare, goal.OfFloor!.Value) : (peer, throughput);
        if (isOutOfReach)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"    {throughput:0.00} beside {peer} would be more than {least:0.00} of what the bare system calls reach"
                )
            );
        }

        _verdicts.AtLeast(
            row,
            $"throughput beside {beside}",
            measured.Ratio(fulcrum, beside, sample => sample.PerSecond),
            least
        );
        if (goal.Cpu is { } cpu)
        {
            _verdicts.AtMost(
                row,
                $"CPU each beside {peer}",
                measured.Ratio(fulcrum, peer, sample => sample.MicrosecondsEach),
                cpu
            );
        }

        if (measured.Errors(fulcrum) > 0)
        {
            _verdicts.Fail($"{row.Name}: {measured.Errors(fulcrum)} errors or losses");
        }
    }

    private static string PeerOf(Row row) => (row.IsDatagrams ? ProxyProgram.Nginx : ProxyProgram.Haproxy).Name;
}

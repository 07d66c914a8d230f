using System.Diagnostics.Metrics;
using System.Net;
using Fulcrum.Health.Tests.Adversaries;
using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Tests;

[Collection(nameof(Alone))]
public sealed class CheckMeterTests
{
    [Fact]
    public async Task What_is_measured_is_by_kind_and_outcome_however_many_checks_there_are()
    {
        using var rig = new ProberRig(new() { MaxProbes = 3 });
        await using var silent = new StreamAdversary("silent", rig.Time);
        var port = ((IPEndPoint)silent.EndPoint).Port;
        var good = Enumerable.Range(1, 10).Select(rise => Task(new TcpProbe(), rise)).ToArray();
        var hang = Enumerable.Range(1, 5).Select(rise => Task(new HttpProbe(), rise)).ToArray();
        var unable = Task(new ExecProbe { Command = ["/nonexistent/file"] }, 1);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        var durations = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
            {
                if (instrument.Meter.Name == "fulcrum.checks")
                {
                    to.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => values[Name(instrument, tags)] = value
        );
        listener.SetMeasurementEventCallback<int>(
            (instrument, value, tags, _) => values[Name(instrument, tags)] = value
        );
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref durations));
        listener.Start();

        await rig.Begin([.. good, .. hang, unable]);
        foreach (var task in good.Append(unable))
        {
            _ = await rig.Results(task, 1);
        }

        _ = await rig.Results(hang[0], 1);
        listener.RecordObservableInstruments();
        var reports = await rig.Prober.ReadAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(reports.Sum(report => report.Results), durations);
        Assert.Equal(Results("tcp", true), values["fulcrum.check.results kind=tcp outcome=good"]);
        Assert.Equal(Results("http", false), values["fulcrum.check.results kind=http outcome=bad"]);
        Assert.Equal(Results("exec", null), values["fulcrum.check.results kind=exec outcome=unclear"]);
        Assert.Equal(10, values["fulcrum.checks kind=tcp verdict=healthy"]);
        Assert.Equal(1, values["fulcrum.checks kind=exec verdict=unknown"]);
        Assert.Equal(10, values["fulcrum.check.transitions kind=tcp"]);
        Assert.Equal(0, values["fulcrum.checks.flapping kind=tcp"]);
        Assert.Equal(reports.Count(r => r.Activity == Engine.Ports.CheckActivity.Asking), values["fulcrum.probes"]);
        Assert.Equal(
            reports.Count(r => r.Activity == Engine.Ports.CheckActivity.Queued),
            values["fulcrum.probes.queued"]
        );
        // Three kinds: three outcomes, three verdicts, transitions and flapping of each; and five of all.
        Assert.Equal((3 * (3 + 3 + 2)) + 5, values.Count);

        rig.Ask();
        await rig.Settle();
        listener.RecordObservableInstruments();
        Assert.All(
            values.Where(value => value.Key.StartsWith("fulcrum.checks ", StringComparison.Ordinal)),
            value => Assert.Equal(0, value.Value)
        );
        Assert.Equal((0, 0), (values["fulcrum.probes"], values["fulcrum.probes.queued"]));

        Engine.Ports.ProbeTask Task(ProbeSpec probe, int rise) =>
            ProberRig.TaskFor(probe, new IPEndPoint(IPAddress.Loopback, port)) with
            {
                Rise = rise,
            };

        double Results(string kind, bool? isGood) =>
            reports
                .Where(report => report.Task.Probe.Kind == kind)
                .Sum(report =>
                    report.Recent.All(result => result.IsGood == isGood)
                        ? report.Results
                        : throw new InvalidOperationException(report.ToString())
                );
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (key, value) in tags)
        {
            name += $" {key}={value}";
        }

        return name;
    }
}

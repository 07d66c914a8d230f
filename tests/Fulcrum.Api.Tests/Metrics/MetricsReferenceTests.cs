using System.Net;
using System.Text;
using Fulcrum.Api.Events;
using Fulcrum.Api.Metrics.Exposition;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Hooks;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.Notifying;
using Fulcrum.Proxy.Plane;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Exposition;
using Fulcrum.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Api.Tests.Metrics;

/// <summary>
/// docs/metrics.md is what the instruments say, with the labels that a page of a whole node has. FULCRUM_UPDATE=1 writes
/// it anew.
/// </summary>
public sealed class MetricsReferenceTests : MetricsTest
{
    private const string Mark = "<!-- From here on written by the tests: FULCRUM_UPDATE=1. -->\n";

    private static readonly string File = Repository.PathOf("docs", "metrics.md");

    [Fact]
    public async Task The_committed_page_is_that_of_the_instruments()
    {
        var (families, page) = await WholeAsync();
        var committed = await System.IO.File.ReadAllTextAsync(File);
        var kept = committed[..(committed.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)];
        var generated = kept + Table(families, page);
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            await System.IO.File.WriteAllTextAsync(File, generated);
        }

        Assert.Equal(committed, generated);
    }

    [Fact]
    public async Task Every_family_is_described_and_has_a_sample()
    {
        var (families, page) = await WholeAsync();
        Assert.Equal(families.Select(family => family.Name), page.Families.Select(family => family.Name));
        Assert.All(
            families.Zip(page.Families),
            pair =>
            {
                Assert.EndsWith(".", pair.First.Help, StringComparison.Ordinal);
                Assert.NotEmpty(pair.Second.Samples);
            }
        );
    }

    [Fact]
    public async Task Dashboards_and_alerts_name_what_there_is()
    {
        var (_, page) = await WholeAsync();
        var known = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var family in page.Families)
        {
            foreach (var sample in family.Samples)
            {
                known[sample.Name] = family.Labels;
            }
        }

        foreach (
            var (file, least) in ((string, int)[])
                [("deploy/grafana/fulcrum.json", 20), ("deploy/prometheus/alerts.yaml", 10)]
        )
        {
            var queries = PromQueries.In(file);
            Assert.True(queries.Count >= least, $"{file} has {queries.Count} queries");
            foreach (var query in queries)
            {
                PromQueries.Check(query, known);
            }
        }
    }

    private async Task<(IReadOnlyList<Family> Families, ExpositionPage Page)> WholeAsync()
    {
        Measure();
        await using var plane = new ProxyPlane(new() { Loops = 1, MeterScope = Scope }, TimeProvider.System);
        using var streams = new EventStreams(Engine.Events, TimeProvider.System, Scope);
        using var hooks = new HookNotifier(
            "lb1",
            Engine.Events,
            () => Named<Hook>.Empty,
            Scope,
            NullLogger.Instance,
            TimeProvider.System,
            new Random(1)
        );
        var results = new FirstResult();
        using var prober = new Prober(results, TimeProvider.System, new Random(1), new() { MeterScope = Scope });
        var task = new ProbeTask
        {
            Probe = new TcpProbe(),
            Address = IPAddress.Loopback,
            Port = 9,
            Interval = TimeSpan.FromMinutes(1),
            Timeout = TimeSpan.FromSeconds(10),
            Rise = 1,
            Fall = 1,
        };
        prober.Apply(Map.SetOf(task));
        await results.Came;
        // With all that there may be of a service.
        Adapters.Observation = new(
            0,
            [
                new("web", default, [])
                {
                    Waiting = 1,
                    Sources = new(2, 1),
                    Remembered = new(3, 1),
                },
            ]
        )
        {
            Packets = [new("dropped", "no-backend", 1)],
            Certificates = [ShownCertificate.Until(DateTimeOffset.UnixEpoch)],
        };
        var web = Web();
        var both = Serve("web", ListenerProtocol.Udp, IPAddress.Loopback);
        both = both with { Listeners = [.. both.Listeners, .. web.Services[0].Listeners], Tls = new() };
        await ApplyAsync(
            web with
            {
                Services = Named<Service>.From([both]),
                Vips = Named<Vip>.From([
                    new()
                    {
                        Name = "web",
                        Addresses = [InterfaceAddress.Single(IPAddress.Loopback)],
                        On = new NoPlace(),
                    },
                ]),
            }
        );
        await Wait.Until(() => Metrics!.Page.Families.Count > 80, "the instruments");
        var (_, page) = await ReadAsync();
        return (Metrics!.Page.Families, page);
    }

    private static string Table(IReadOnlyList<Family> families, ExpositionPage page)
    {
        var text = new StringBuilder();
        foreach (
            var group in families.Zip(page.Families).GroupBy(pair => Group(pair.First.Name), StringComparer.Ordinal)
        )
        {
            text.Append(
                $"\n### {group.Key}\n\n| name | kind | unit | labels | instrument | meaning |\n|---|---|---|---|---|---|\n"
            );
            foreach (var (family, told) in group)
            {
                var unit = family.Unit ?? "";
                var labels = string.Join(", ", told.Labels.Where(label => label != "le").Select(label => $"`{label}`"));
                var name = family.Kind == "counter" ? family.Name + "_total" : family.Name;
                var instruments = string.Join(", ", family.InstrumentNames.Select(one => $"`{one}`"));
                text.Append($"| `{name}` | {family.Kind} | {unit} | {labels} | {instruments} | {family.Help} |\n");
            }
        }

        return text.ToString();
    }

    private static string Group(string name)
    {
        string[] words = name.Split('_');
        return words[0] == "process" ? "process"
            : words[1] == "tls" ? "tls"
            : words[1].TrimEnd('s');
    }

    private sealed class FirstResult : IHealthListener
    {
        private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Came => _came.Task;

        public void OnHealth(ProbeTask task, CheckHealth health) => _came.TrySetResult();
    }
}

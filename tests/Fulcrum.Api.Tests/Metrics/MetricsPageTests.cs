using System.Diagnostics.Metrics;
using System.Net;
using Fulcrum.Api.Metrics;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Api.Tests.Metrics;

public sealed class MetricsPageTests : MetricsTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_page_tells_what_was_decided_and_what_was_counted(bool isOpen)
    {
        Measure();
        await ApplyAsync(Web());
        Adapters.Observation = new(
            1,
            [
                new(
                    "web",
                    new()
                    {
                        Total = 7,
                        Active = 2,
                        BytesIn = 100,
                        BytesOut = 200,
                        RefusedByRule = 1,
                        RefusedByLimit = 2,
                        RefusedUnserved = 3,
                    },
                    [new("web", "10.0.0.1:80", new() { Active = 3 }), new("web", "10.0.0.9:80", new() { Active = 1 })]
                )
                {
                    Connects = new([1_000, 5_000], [3, 0, 1], 2_500_000),
                },
            ]
        );
        var (_, page) = await ReadAsync(isOpen);
        (string, string) web = ("service", "web");
        Assert.Equal(1, page.Value("fulcrum_build_info", ("version", "1.2.3"), ("node", "lb1")));
        Assert.Equal(1, page.Value("fulcrum_service_healthy", web));
        Assert.Equal(7, page.Value("fulcrum_service_sessions_total", web));
        Assert.Equal(2, page.Value("fulcrum_service_sessions_active", web));
        Assert.Equal(200, page.Value("fulcrum_service_traffic_bytes_total", web, ("direction", "out")));
        Assert.Equal(3, page.Value("fulcrum_service_refused_total", web, ("reason", "no-backend")));
        Assert.Equal(3, page.Value("fulcrum_service_connect_duration_seconds_bucket", web, ("le", "0.005")));
        Assert.Equal(4, page.Value("fulcrum_service_connect_duration_seconds_count", web));
        Assert.Equal(2.5, page.Value("fulcrum_service_connect_duration_seconds_sum", web));
        Assert.Equal(2, page.Value("fulcrum_backend_duty", web, ("upstream", "web"), ("backend", "10.0.0.1:80")));
        Assert.Equal(3, page.Value("fulcrum_backend_sessions_active", ("backend", "10.0.0.1:80")));
        // Not configured any more, and still in use.
        Assert.Equal(0, page.Value("fulcrum_backend_duty", ("backend", "10.0.0.9:80")));
        Assert.Equal(1, page.Value("fulcrum_backend_sessions_active", ("backend", "10.0.0.9:80")));
        Assert.Equal((1, 1), (page.Value("fulcrum_upstream_serving"), page.Value("fulcrum_upstream_backends")));
        Assert.Equal(1, page.Value("fulcrum_plane_generation", ("plane", "proxy"), ("phase", "committed")));
        Assert.Equal(1, page.Value("fulcrum_objects", ("kind", "plane"), ("condition", "standing")));
        Assert.InRange(page.Value("process_open_fds"), 3, page.Value("process_max_fds"));
        Assert.InRange(page.Value("process_resident_memory_bytes"), 1 << 20, double.MaxValue);
        // A service without UDP drops no datagrams.
        Assert.Empty(page.Find("fulcrum_service_dropped_total"));
        Assert.Equal(isOpen ? "seconds" : null, page["fulcrum_service_connect_duration_seconds"].Unit);
    }

    [Fact]
    public async Task Certificates_and_handshakes_are_told_where_TLS_ends_here()
    {
        Measure();
        var end = TimeProvider.System.GetUtcNow().AddDays(3);
        Adapters.Observation = new(
            1,
            [
                new(
                    "web",
                    new()
                    {
                        TlsHandshakes = 10,
                        TlsResumed = 4,
                        TlsHandshakeTimeouts = 2,
                        TlsFailedCertificateRequired = 3,
                    },
                    []
                ),
                new("plain", default, []),
            ]
        )
        {
            Certificates = [ShownCertificate.Until(end), ShownCertificate.Missing("no such file", "b.pem")],
        };
        var web = Web();
        var plain = Serve("web", ListenerProtocol.Tcp, IPAddress.Parse("127.0.0.2")) with { Name = "plain" };
        await ApplyAsync(web with { Services = Named<Service>.From([web.Services[0] with { Tls = new() }, plain]) });
        var (_, page) = await ReadAsync();
        var shop = ("certificate", "/etc/fulcrum/shop.pem");
        Assert.Equal(end.ToUnixTimeSeconds(), page.Value("fulcrum_certificate_expiry_timestamp_seconds", shop));
        Assert.Equal(0, page.Value("fulcrum_certificate_problem", shop));
        Assert.Equal(1, page.Value("fulcrum_certificate_problem", ("certificate", "b.pem")));
        // There is none that could end.
        Assert.Single(page.Find("fulcrum_certificate_expiry_timestamp_seconds"));
        Assert.Equal(6, page.Value("fulcrum_tls_handshakes_total", ("service", "web"), ("resumed", "false")));
        Assert.Equal(4, page.Value("fulcrum_tls_handshakes_total", ("service", "web"), ("resumed", "true")));
        Assert.Equal(3, page.Value("fulcrum_tls_handshake_failures_total", ("reason", "certificate-required")));
        Assert.Equal(2, page.Value("fulcrum_tls_handshake_failures_total", ("reason", "timeout")));
        Assert.Empty(page.Find("fulcrum_tls_handshakes_total", ("service", "plain")));
    }

    [Fact]
    public async Task Certificates_are_bounded_as_all_else()
    {
        Measure();
        Adapters.Observation = new(1, [])
        {
            Certificates = Items.From(
                Enumerable
                    .Range(0, 5_000)
                    .Select(i => ShownCertificate.Until(DateTimeOffset.UnixEpoch, $"{i:0000}.pem"))
            ),
        };
        await ApplyAsync(Web() with { Metrics = new() { MaxSeries = Census.Reserve + 2_000 } });
        var (_, page) = await ReadAsync();
        Assert.Equal(1_000, page["fulcrum_certificate_problem"].Samples.Count);
        Assert.Equal("0000.pem", page["fulcrum_certificate_problem"].Samples[0].Labels["certificate"]);
        Assert.Equal(8_000, page.Value("fulcrum_metrics_series_left_out", ("kind", "certificate")));
    }

    [Fact]
    public async Task What_is_gone_from_the_configuration_and_not_from_the_sessions_is_told()
    {
        Measure();
        await ApplyAsync(Web());
        Adapters.Observation = new(1, [new("old", new() { Active = 5 }, [new("old", "b", new() { Active = 5 })])]);
        var (_, page) = await ReadAsync();
        Assert.Equal(0, page.Value("fulcrum_service_healthy", ("service", "old")));
        Assert.Equal(5, page.Value("fulcrum_backend_sessions_active", ("service", "old")));
        Assert.Equal(0, page.Value("fulcrum_service_sessions_total", ("service", "web")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_a_label_holds_comes_through(bool isOpen)
    {
        Measure();
        using var meter = new Meter(new MeterOptions("odd") { Scope = Scope });
        string[] odd = ["", "a\"b", "a\\b", "a\nb", "\\\"\n", "ü→𝄞", "{x=\"y\"} 1", new('"', 5_000)];
        meter.CreateObservableGauge(
            "odd.labels",
            () => odd.Select((text, at) => new Measurement<long>(at, new KeyValuePair<string, object?>("text", text))),
            "s",
            "back\\slash \"quoted\"\nsecond line"
        );
        var (_, page) = await ReadAsync(isOpen);
        var family = page["odd_labels_seconds"];
        Assert.Equal("back\\slash \"quoted\"\nsecond line", family.Help);
        Assert.Equal(odd, family.Samples.Select(sample => sample.Labels["text"]));
        Assert.Equal(odd.Select((_, at) => (double)at), family.Samples.Select(sample => sample.Value));
    }

    [Fact]
    public async Task Numbers_come_through_exactly()
    {
        Measure();
        using var meter = new Meter(new MeterOptions("odd") { Scope = Scope });
        double[] odd = [0, -1.5, 1e300, 5e-324, double.PositiveInfinity, double.NegativeInfinity, 0.1, long.MinValue];
        meter.CreateObservableGauge(
            "odd.numbers",
            () => odd.Select((value, at) => new Measurement<double>(value, new KeyValuePair<string, object?>("at", at)))
        );
        meter.CreateObservableGauge("odd.long", () => long.MinValue);
        var (_, page) = await ReadAsync();
        Assert.Equal(odd, page["odd_numbers"].Samples.Select(sample => sample.Value));
        Assert.Equal(["0", "1"], page["odd_numbers"].Samples.Take(2).Select(sample => sample.Labels["at"]));
        Assert.Equal(long.MinValue, page.Value("odd_long"));
    }

    [Fact]
    public async Task A_histogram_that_is_recorded_is_counted_from_then_on()
    {
        Measure();
        using var meter = new Meter(new MeterOptions("odd") { Scope = Scope });
        var histogram = meter.CreateHistogram(
            "odd.duration",
            "s",
            "x",
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] }
        );
        foreach (var value in (double[])[0.5, 0.51, 2, 7])
        {
            histogram.Record(value, new KeyValuePair<string, object?>("kind", "a"));
        }

        histogram.Record(0.25, new KeyValuePair<string, object?>("kind", "b"));
        var (_, page) = await ReadAsync();
        Assert.Equal([1, 3, 4], page.Find("odd_duration_seconds_bucket", ("kind", "a")).Select(sample => sample.Value));
        Assert.Equal(10.01, page.Value("odd_duration_seconds_sum", ("kind", "a")), 10);
        Assert.Equal(1, page.Value("odd_duration_seconds_count", ("kind", "b")));

        for (var number = 0; number < 5_000; number++)
        {
            histogram.Record(1, new KeyValuePair<string, object?>("kind", $"many-{number}"));
        }

        Assert.Equal(1_000, (await ReadAsync()).Page.Find("odd_duration_seconds_count").Count);
    }

    [Fact]
    public async Task Instruments_come_and_go_and_those_of_other_nodes_stay_away()
    {
        Measure();
        using var other = new Meter("odd");
        other.CreateObservableGauge("odd.other", () => 1);
        var one = new Meter(new MeterOptions("odd") { Scope = Scope });
        using var two = new Meter(new MeterOptions("even") { Scope = Scope });
        one.CreateObservableGauge(
            "odd.both",
            () => new Measurement<int>(1, new KeyValuePair<string, object?>("of", "one"))
        );
        two.CreateObservableGauge(
            "odd.both",
            () => new Measurement<int>(2, new KeyValuePair<string, object?>("of", "two"))
        );
        one.CreateObservableGauge("odd.one", () => 1);
        var (_, page) = await ReadAsync();
        Assert.Equal([1.0, 2.0], page["odd_both"].Samples.Select(sample => sample.Value));
        Assert.Single(page["odd_one"].Samples);
        Assert.Throws<KeyNotFoundException>(() => page["odd_other"]);
        one.Dispose();
        (_, page) = await ReadAsync();
        Assert.Equal(2, Assert.Single(page["odd_both"].Samples).Value);
        Assert.Throws<KeyNotFoundException>(() => page["odd_one"]);
    }

    [Fact]
    public async Task Ten_thousand_services_are_told_whole_and_within_the_bound()
    {
        Measure();
        (var snapshot, Adapters.Observation) = Many(10_000, new MetricsSettings().MaxSeries);
        await ApplyAsync(snapshot);
        var start = TimeProvider.System.GetTimestamp();
        var (bytes, page) = await ReadAsync();
        var took = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.SendDiagnosticMessage(
            $"{page.Samples} series, {bytes.Length >> 20} MiB, written and read in {took.TotalMilliseconds:0} ms"
        );
        Assert.InRange(page.Samples, 500_000, snapshot.Metrics.MaxSeries);
        Assert.Equal(10_000, page["fulcrum_service_sessions"].Samples.Count);
        Assert.Equal(20_000, page["fulcrum_backend_sessions"].Samples.Count);
        Assert.All(page["fulcrum_metrics_series_left_out"].Samples, sample => Assert.Equal(0, sample.Value));
        Assert.Equal(9_999, page.Value("fulcrum_service_sessions_total", ("service", "service-9999")));
    }

    [Theory]
    [InlineData(10_000, "service", 1_000)]
    [InlineData(49_000, "upstream", 1_000)]
    [InlineData(56_000, "backend", 1_000)]
    public async Task Past_the_bound_backends_give_way_then_upstreams_then_services(int most, string kind, int services)
    {
        Measure();
        (var snapshot, Adapters.Observation) = Many(services, most);
        await ApplyAsync(snapshot);
        var (_, page) = await ReadAsync();
        // The reserve is for what does not grow with the configuration.
        Assert.InRange(page.Samples, most - Census.Reserve - 100, most);
        string[] order = ["vip", "service", "upstream", "backend"];
        var first = Array.IndexOf(order, kind);
        for (var at = 0; at < order.Length; at++)
        {
            var leftOut = page.Value("fulcrum_metrics_series_left_out", ("kind", order[at]));
            Assert.True(at < first ? leftOut == 0 : leftOut > 0, $"{order[at]}: {leftOut}");
        }

        Adapters.Observation = Many(services, most).Observation;
        var whole = snapshot with { Metrics = new() };
        await ApplyAsync(whole);
        var (_, full) = await ReadAsync();
        var missing = page["fulcrum_metrics_series_left_out"].Samples.Sum(sample => sample.Value);
        Assert.Equal(full.Samples, page.Samples + missing);
        // Those that come first in the configuration stay.
        var told = page[
            $"fulcrum_{kind}_{(kind == "backend" ? "weight" : kind == "upstream" ? "serving" : "healthy")}"
        ];
        Assert.Equal("service-0", told.Samples[0].Labels[kind == "backend" ? "service" : kind]);
    }
}

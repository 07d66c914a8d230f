using System.IO.Pipelines;
using System.Net;
using Fulcrum.Api.Metrics;
using Fulcrum.Api.Metrics.Exposition;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Exposition;
using Microsoft.Extensions.Primitives;

namespace Fulcrum.Api.Tests.Metrics;

public sealed class MetricsEndpointTests : MetricsTest
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text;version=1.0.0", true)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"; charset=utf-8", true)]
    [InlineData("application/openmetrics-text;version=2.0.0", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text;q=0.2,text/plain;q=0.9", false)]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        true
    )]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", false)]
    [InlineData(";;;", false)]
    public void The_form_is_the_one_that_is_asked_for(string? accept, bool isOpen) =>
        Assert.Equal(isOpen, ExpositionFormat.Choose(new StringValues(accept)!).IsOpenMetrics);

    [Theory]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task The_page_comes_over_the_api(string accept, string type)
    {
        Measure();
        await ApplyAsync(Web());
        await using var server = await StartAsync();
        using var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://fulcrum/metrics"));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(["Accept"], answer.Headers.Vary);
        var page = ExpositionParser.Parse(
            await answer.Content.ReadAsByteArrayAsync(),
            accept.Contains("openmetrics", StringComparison.Ordinal)
        );
        Assert.Equal(7, page.Value("fulcrum_service_sessions_total", ("service", "web")));
        Assert.Equal(0, page.Value("fulcrum_metrics_scrapes_total", ("result", "served")));
    }

    [Fact]
    public async Task One_page_is_written_at_a_time_and_few_wait_for_theirs()
    {
        Measure();
        await ApplyAsync(Web());
        await using var server = await StartAsync();
        using var http = Client();
        var address = new Uri("http://fulcrum/metrics");
        Assert.True(await Metrics!.Desk.TryEnterAsync(CancellationToken.None));
        var waiting = Enumerable.Range(0, ScrapeDesk.MostWaiting).Select(_ => http.GetAsync(address)).ToList();
        await Wait.Until(() => Metrics.Desk.Present == ScrapeDesk.MostWaiting + 1, "all of them to wait");
        using (var refused = await http.GetAsync(address))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("5", refused.Headers.RetryAfter!.ToString());
        }

        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        await Metrics.Desk.ServeAsync(
            PipeWriter.Create(Stream.Null),
            ExpositionFormat.OpenMetrics,
            CancellationToken.None
        );
        foreach (var one in waiting)
        {
            using var answer = await one;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var (_, page) = await ReadAsync();
        Assert.Equal(1, page.Value("fulcrum_metrics_scrapes_total", ("result", "refused")));
        Assert.Equal(1 + ScrapeDesk.MostWaiting, page.Value("fulcrum_metrics_scrapes_total", ("result", "served")));
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_its_page_and_the_next_gets_one()
    {
        Measure();
        (var snapshot, Adapters.Observation) = Many(500, 1_000_000);
        await ApplyAsync(snapshot);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 1024));
        Assert.True(await Metrics!.Desk.TryEnterAsync(CancellationToken.None));
        var writing = Metrics.Desk.ServeAsync(pipe.Writer, ExpositionFormat.OpenMetrics, CancellationToken.None);
        await pipe.Reader.ReadAsync();
        Assert.False(writing.IsCompleted);
        await pipe.Reader.CompleteAsync();
        await writing;
        var (_, page) = await ReadAsync();
        Assert.Equal(1, page.Value("fulcrum_metrics_scrapes_total", ("result", "abandoned")));
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;

namespace Fulcrum.Health.Tests;

public sealed class ProberTests : IHealthListener, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<(ProbeTask Task, CheckHealth Health)> _news = [];
    private readonly Prober _prober;

    public ProberTests() => _prober = new(this, _time, Seeds.NewRandom(), new());

    public void Dispose() => _prober.Dispose();

    void IHealthListener.OnHealth(ProbeTask task, CheckHealth health) => _news.Enqueue((task, health));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_connection_that_stands_is_healthy_and_one_refused_is_not(string address)
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Parse(address), 0), _ => Task.CompletedTask);
        var good = TaskFor(new TcpProbe(), server.EndPoint);
        var bad = TaskFor(new TcpProbe(), new(IPAddress.Parse(address), ClosedPort(address)));
        _prober.Apply(Map.SetOf<ProbeTask>(good, bad));
        var healths = await NewsFor(good, bad);
        Assert.Equal(Verdict.Healthy, healths[good].Verdict);
        Assert.Equal(Verdict.Unhealthy, healths[bad].Verdict);
        Assert.Equal("connection refused", healths[bad].Reason);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Verdict.Healthy, "status 200")]
    [InlineData(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        Verdict.Healthy,
        "status 302"
    )]
    [InlineData("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", Verdict.Unhealthy, "status 503")]
    [InlineData(
        "220 smtp.example.com ESMTP\r\n",
        Verdict.Unhealthy,
        "the first line is not that of an HTTP/1 response"
    )]
    [InlineData("", Verdict.Unhealthy, "closed before the answer was complete")]
    public async Task An_answer_is_judged_by_its_status(string answer, Verdict verdict, string reason)
    {
        await using var server = HttpServer(_ => answer);
        var task = TaskFor(new HttpProbe { Path = "/healthz", Host = "shop.example.com" }, server.EndPoint);
        _prober.Apply(Map.SetOf<ProbeTask>(task));
        var health = (await NewsFor(task))[task];
        Assert.Equal((verdict, reason), (health.Verdict, health.Reason));
    }

    [Fact]
    public async Task The_request_says_what_was_asked_and_the_body_is_compared()
    {
        var requests = new ConcurrentQueue<string>();
        await using var server = HttpServer(request =>
        {
            requests.Enqueue(request);
            return "HTTP/1.1 418 I'm a teapot\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n5\r\n well\r\n0\r\n\r\n";
        });
        var probe = new HttpProbe
        {
            Method = "POST",
            Path = "/status?deep=1",
            Host = "shop.example.com",
            Headers = Labels.From([new("X-Probe", "fulcrum")]),
            Body = "ping",
            Codes = [new PortRange(400, 499)],
            Expect = new(TextPatternKind.Exact, "all well"),
        };
        var good = TaskFor(probe, server.EndPoint);
        var bad = TaskFor(probe with { Expect = new(TextPatternKind.Expression, "well$x") }, server.EndPoint);
        _prober.Apply(Map.SetOf<ProbeTask>(good, bad));
        var healths = await NewsFor(good, bad);
        Assert.Equal(Verdict.Healthy, healths[good].Verdict);
        Assert.Equal("the body is not as expected, ~well$x", healths[bad].Reason);
        Assert.True(requests.TryPeek(out var request));
        Assert.Equal(
            "POST /status?deep=1 HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: fulcrum\r\nConnection: close\r\n"
                + "X-Probe: fulcrum\r\nContent-Length: 4\r\n\r\nping",
            request
        );
    }

    [Fact]
    public async Task One_deadline_covers_all_phases()
    {
        var asked = new TaskCompletionSource();
        await using var server = TcpServer.Start(
            null,
            new(IPAddress.Loopback, 0),
            async socket =>
            {
                _ = await socket.ReceiveAsync(new byte[1024]);
                asked.TrySetResult();
                _ = await socket.ReceiveAsync(new byte[1024]);
            }
        );
        var task = TaskFor(new HttpProbe(), server.EndPoint);
        _prober.Apply(Map.SetOf<ProbeTask>(task));
        await Advance(TimeSpan.FromMilliseconds(1));
        await Wait.For(asked.Task, "the server to be asked");
        Assert.Empty(_news);
        await Advance(task.Timeout);
        var health = (await NewsFor(task))[task];
        Assert.Equal((Verdict.Unhealthy, "timed out waiting for an answer"), (health.Verdict, health.Reason));
    }

    [Fact]
    public async Task A_backend_that_dies_and_comes_back_is_reported_after_fall_and_rise()
    {
        var answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        await using var server = HttpServer(_ => Volatile.Read(ref answer));
        var task = TaskFor(new HttpProbe(), server.EndPoint);
        _prober.Apply(Map.SetOf<ProbeTask>(task));
        Assert.Equal(Verdict.Healthy, (await NewsFor(task))[task].Verdict);

        Volatile.Write(ref answer, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(task.Fall, await ProbesUntilNews(task));
        Volatile.Write(ref answer, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(task.Rise, await ProbesUntilNews(task));
    }

    [Fact]
    public async Task A_question_asked_again_keeps_its_counts_and_one_no_longer_asked_ends()
    {
        await using var server = HttpServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var kept = TaskFor(new HttpProbe(), server.EndPoint);
        var gone = TaskFor(new HttpProbe { Path = "/other" }, server.EndPoint);
        _prober.Apply(Map.SetOf<ProbeTask>(kept, gone));
        _ = await NewsFor(kept, gone);
        _news.Clear();
        _prober.Apply(Map.SetOf<ProbeTask>(kept with { }));
        Assert.Equal(1, await _prober.CountAsync());
        var before = server.Accepted;
        _ = await Until(kept, () => server.Accepted > before, "the kept check to ask again");
        Assert.Equal(before + 1, server.Accepted);
        Assert.Empty(_news);
    }

    [Fact]
    public async Task Who_looks_back_hears_when_only_the_share_of_good_results_changed()
    {
        var answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        await using var server = HttpServer(_ => Volatile.Read(ref answer));
        var task = TaskFor(new HttpProbe(), server.EndPoint) with { Samples = 4 };
        _prober.Apply(Map.SetOf<ProbeTask>(task));
        Assert.Equal(1.0, (await NewsFor(task))[task].GoodShare);

        // The verdict needs three in a row.
        Volatile.Write(ref answer, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(1, await ProbesUntilNews(task));
        var health = Assert.Single(_news).Health;
        Assert.Equal((Verdict.Healthy, 0.5), (health.Verdict, health.GoodShare));
        Assert.Equal("status 500", health.Reason);
    }

    internal static ProbeTask TaskFor(ProbeSpec probe, IPEndPoint target) =>
        new()
        {
            Probe = probe,
            Address = target.Address,
            Port = target.Port,
            Interval = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromSeconds(1),
            Rise = 2,
            Fall = 3,
        };

    private static int ClosedPort(string address)
    {
        using var socket = new TcpListener(IPAddress.Parse(address), 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private static TcpServer HttpServer(Func<string, string> answer) =>
        TcpServer.Start(
            null,
            new(IPAddress.Loopback, 0),
            async socket =>
            {
                var buffer = new byte[4096];
                var request = "";
                while (!IsWhole(request))
                {
                    var read = await socket.ReceiveAsync(buffer);
                    if (read == 0)
                    {
                        return;
                    }

                    request += Encoding.ASCII.GetString(buffer, 0, read);
                }

                await socket.SendAsync(Encoding.ASCII.GetBytes(answer(request)));
                socket.Shutdown(SocketShutdown.Both);
            }
        );

    private static bool IsWhole(string request) =>
        request.Contains("\r\n\r\n", StringComparison.Ordinal)
        && (
            !request.StartsWith("POST", StringComparison.Ordinal) || request.EndsWith("ping", StringComparison.Ordinal)
        );

    private async Task<Dictionary<ProbeTask, CheckHealth>> NewsFor(params ProbeTask[] tasks)
    {
        await Wait.Until(
            async () =>
            {
                if (_time.UntilNextTimer is { } next && next <= TimeSpan.FromMilliseconds(10))
                {
                    _time.Advance(next);
                }

                _ = await _prober.CountAsync();
                return tasks.All(task => _news.Any(item => item.Task == task));
            },
            "the first verdict of each check"
        );
        return tasks.ToDictionary(task => task, task => _news.Last(item => item.Task == task).Health);
    }

    private async Task Advance(TimeSpan by)
    {
        _ = await _prober.CountAsync();
        _time.Advance(by);
    }

    /// <summary>Moves time from probe to probe; while one asks, time stands.</summary>
    private async Task<long> Until(ProbeTask task, Func<bool> isEnd, string what)
    {
        var report = await Report(task);
        var before = report.Results;
        await Wait.Until(
            async () =>
            {
                report = await Report(task);
                if (isEnd())
                {
                    return true;
                }

                if (report.Activity == CheckActivity.Waiting)
                {
                    _time.Advance(_time.UntilNextTimer ?? TimeSpan.FromMilliseconds(1));
                }

                return false;
            },
            what
        );
        return report.Results - before;
    }

    private async Task<CheckReport> Report(ProbeTask task) =>
        Assert.Single(await _prober.ReadAsync(other => other == task, TestContext.Current.CancellationToken));

    private Task<long> ProbesUntilNews(ProbeTask task)
    {
        _news.Clear();
        return Until(task, () => !_news.IsEmpty, "news");
    }
}

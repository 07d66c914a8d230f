using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Events;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests;

/// <summary>The stream of events.</summary>
public sealed class EventTests : ApiTest
{
    [Fact]
    public async Task Events_come_as_they_happen_and_go_on_where_somebody_left_off()
    {
        await using var server = await StartAsync();
        await ApplyAsync(Web());
        using var http = Client();
        string last;
        using (var stream = await Follow.BeginAsync(http, "?after=0&types=configuration"))
        {
            var applied = await stream.NextAsync();
            Assert.Equal("configuration", applied.Type);
            Assert.Equal("applied", (string)applied.Data["to"]!);
            last = applied.Id;
        }

        Add("one");
        Add("two");
        using var again = await Follow.BeginAsync(http, "?types=service", last);
        Assert.Equal("service/one", (string)(await again.NextAsync()).Data["subject"]!);
        Assert.Equal("service/two", (string)(await again.NextAsync()).Data["subject"]!);
        Add("three");
        Assert.Equal("service/three", (string)(await again.NextAsync()).Data["subject"]!);
    }

    [Fact]
    public async Task Who_was_away_too_long_is_told_how_much_is_missing()
    {
        await using var server = await StartAsync();
        using var http = Client();
        Engine.Events.Add([.. Enumerable.Range(0, EventLog.DefaultCapacity + 10).Select(_ => One("web"))]);
        using var stream = await Follow.BeginAsync(http, "", $"{Engine.Events.Run}-3");
        var gap = await stream.NextAsync();
        Assert.Equal(("gap", 7L), (gap.Type, (long)gap.Data["missed"]!));
        Assert.Equal(11L, (long)(await stream.NextAsync()).Data["sequence"]!);
    }

    [Fact]
    public async Task Who_comes_back_to_a_node_that_was_started_anew_is_told_so()
    {
        await using var server = await StartAsync();
        using var http = Client();
        Add("web");
        using var stream = await Follow.BeginAsync(http, "", "7-1000");
        var gap = await stream.NextAsync();
        Assert.Equal("gap", gap.Type);
        Assert.Null(gap.Data["missed"]);
        Assert.Equal(1L, (long)(await stream.NextAsync()).Data["sequence"]!);
    }

    [Fact]
    public async Task Only_what_is_asked_for_comes()
    {
        await using var server = await StartAsync();
        using var http = Client();
        Add("api");
        Add("web");
        using var stream = await Follow.BeginAsync(http, "?after=0&subject=service/w");
        Assert.Equal("service/web", (string)(await stream.NextAsync()).Data["subject"]!);
    }

    [Theory]
    [InlineData("?types=sevice", "there is no type 'sevice'; types are configuration, service")]
    [InlineData("?after=yesterday", "'yesterday' is not the id of an event")]
    public async Task What_is_not_understood_is_refused(string query, string why)
    {
        await using var server = await StartAsync();
        using var http = Client();
        using var answer = await http.GetAsync(new Uri("http://fulcrum/api/v1/events" + query));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            why,
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("title").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_does_not_read_is_cut_off_and_holds_up_nobody()
    {
        var time = new ManualTimeProvider();
        await using var server = await StartAsync(node => node with { Time = time });
        using var http = Client();
        using var idle = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await idle.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
        await idle.SendAsync("GET /api/v1/events?types=service HTTP/1.1\r\nHost: fulcrum\r\n\r\n"u8.ToArray());
        await Wait.Until(() => Node.EventStreams.Count == 1, "the stream of the idle one");
        using var reader = await Follow.BeginAsync(http, "?types=service");
        for (var i = 0; i < EventLog.DefaultCapacity; i++)
        {
            Add($"{i}");
            if (i % 64 == 0)
            {
                Assert.Equal($"service/{i}", (string)(await ReadUntil(reader, i)).Data["subject"]!);
            }
        }

        await ApplyAsync(Web());
        Assert.Equal(2, Node.EventStreams.Count);
        await Wait.Until(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Node.EventStreams.Count == 1;
            },
            "the idle one to be cut off"
        );
    }

    private static async Task<Follow.Happening> ReadUntil(Follow stream, int number)
    {
        Follow.Happening one;
        do
        {
            one = await stream.NextAsync();
        } while ((string)one.Data["subject"]! != $"service/{number}");

        return one;
    }

    [Fact]
    public async Task A_stream_ends_with_the_node_at_once()
    {
        var server = await StartAsync();
        using var http = Client();
        using var stream = await Follow.BeginAsync(http, "");
        await Wait.For(server.DisposeAsync().AsTask(), "the API to stop");
        await Assert.ThrowsAnyAsync<IOException>(() => Wait.For(stream.NextAsync(), "the end of the stream"));
    }

    private void Add(string service) => Engine.Events.Add(One(service));

    private static NodeEvent One(string service) =>
        new(EventKind.Service, new(SubjectKind.Service, service), "healthy", "unhealthy", "why");
}

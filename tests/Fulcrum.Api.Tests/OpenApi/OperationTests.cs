using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.Api.Upgrading;
using Fulcrum.Model.Sources;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Api.Tests.OpenApi;

/// <summary>
/// Every operation of the committed document, asked well and badly, as the document says it can be. What is answered
/// must be what the document says is answered.
/// </summary>
public sealed class OperationTests : ApiTest
{
    private const int BadRequest = 400;
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int TooLarge = 413;
    private const int WrongMedia = 415;

    private static readonly ApiDescription Api = new();

    public static TheoryData<string> All => [.. Api.Operations.Select(operation => operation.Id)];

    public static TheoryData<string> WithQuery => Where(operation => operation.InQuery.Any());

    public static TheoryData<string> WithBody => Where(operation => operation.Media.Count > 0);

    public static TheoryData<string> WithMissing => Where(operation => operation.Responses.ContainsKey("404"));

    public static TheoryData<string> WithConflict => Where(operation => operation.Responses.ContainsKey("409"));

    [Theory]
    [MemberData(nameof(All))]
    public async Task All_goes_well(string id)
    {
        var operation = Api[id];
        if (HappyPath.Empty.Contains(id))
        {
            Assert.True(operation.Responses.ContainsKey("404"));
            return;
        }

        await using var server = await BeginAsync(new FakeUpgrade());
        if (id == "confirm")
        {
            await AskAsync("POST", "/apply?source=web.yaml&confirm=60s", HappyPath.All["apply"].Body);
        }

        var happy = HappyPath.All[id];
        var (status, _) = operation.IsEndless
            ? (await FollowAsync(happy.Path), "")
            : await AskAsync(operation, happy.Path, happy.Body);
        Assert.InRange(status, 200, 299);
    }

    [Theory]
    [MemberData(nameof(WithMissing))]
    public async Task What_is_not_there_is_not_found(string id)
    {
        var operation = Api[id];
        await using var server = await BeginAsync();
        var path = operation.Path["/api/v1".Length..];
        foreach (var name in operation.InPath)
        {
            path = path.Replace(
                $"{{{name}}}",
                name == "kind" ? "services" : "nothing-like-it",
                StringComparison.Ordinal
            );
        }

        var query = id switch
        {
            "explain" => "?subject=service/nothing-like-it",
            "clear-override" => "?target=service/nothing-like-it",
            "get-configuration" => "?source=nothing-like-it",
            "list-checks" => "?check=nothing-like-it",
            "roll-back" => "?number=999",
            _ => "",
        };
        if (id == "list-configured")
        {
            path = "/configuration/nothing-like-it";
        }

        // What can be made is not missing; what leads nowhere is a contradiction or a mistake of who wrote it.
        if (id is "put-configured" or "patch-configuration")
        {
            path = path.Replace("/services/", "/nothing-like-it/", StringComparison.Ordinal);
        }

        var body =
            id == "patch-configuration" ? """{ "nothing-like-it": {} }""" : HappyPath.All.GetValueOrDefault(id)?.Body;
        var (status, _) = await AskAsync(operation, path + query, body);
        Assert.Equal(NotFound, status);
    }

    [Theory]
    [MemberData(nameof(WithConflict))]
    public async Task What_contradicts_what_is_there_is_refused_and_changes_nothing(string id)
    {
        var operation = Api[id];
        await using var server = await BeginAsync();
        var path = HappyPath.Conflicts.GetValueOrDefault(id);
        if (id == "roll-back")
        {
            // Only one change at a time waits to be confirmed.
            await AskAsync("POST", "/apply?source=web.yaml&confirm=60s", HappyPath.All["apply"].Body);
            path = HappyPath.All[id];
        }

        Assert.NotNull(path);
        var before = Engine.Book;
        var (status, answer) = await AskAsync(operation, path.Path, path.Body);
        Assert.Equal((Conflict, before), (status, Engine.Book));
        Assert.NotEmpty((string)answer["title"]!);
    }

    [Theory]
    [MemberData(nameof(WithQuery))]
    public async Task Values_of_a_wrong_kind_are_refused(string id)
    {
        var operation = Api[id];
        await using var server = await BeginAsync();
        var happy = HappyPath.All[id == "get-vip" ? "get-status" : id];
        foreach (var parameter in operation.InQuery)
        {
            var name = DescribedOperation.NameOf(parameter);
            var schema = parameter["schema"]!;
            List<string> wrong = [""];
            if ((string)schema["type"]! == "integer")
            {
                wrong.AddRange(["x", "-1", "1.5", "99999999999999999999"]);
            }
            else if (schema["enum"] is not null)
            {
                wrong.AddRange(["no-such-word", "TRUE"]);
            }
            else
            {
                wrong.Add(new string('x', (int)schema["maxLength"]! + 1));
            }

            foreach (var value in wrong)
            {
                var (status, answer) = await AskAsync(operation, With(happy.Path, name, value), happy.Body);
                Assert.Equal(BadRequest, status);
                Assert.Contains(name, (string)answer["title"]!, StringComparison.Ordinal);
            }

            var (twice, _) = await AskAsync(operation, With(happy.Path, name, "1") + $"&{name}=1", happy.Body);
            Assert.Equal(BadRequest, twice);
            if ((bool)parameter["required"]!)
            {
                var (missing, _) = await AskAsync(operation, With(happy.Path, name, null), happy.Body);
                Assert.Equal(BadRequest, missing);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_value_that_nobody_knows_is_refused(string id)
    {
        await using var server = await BeginAsync();
        var happy = HappyPath.All.GetValueOrDefault(id) ?? new(Api[id].Path["/api/v1".Length..]);
        var (status, answer) = await AskAsync(Api[id], With(happy.Path, "no-such-value", "1"), happy.Body);
        Assert.Equal(BadRequest, status);
        Assert.Contains("no-such-value", (string)answer["title"]!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_of_a_wrong_kind_is_refused(string id)
    {
        var operation = Api[id];
        await using var server = await BeginAsync();
        var path = HappyPath.All[id].Path;
        string[] bodies =
        [
            "",
            "{",
            "[]",
            "7",
            "\"text\"",
            "null",
            """{ "no-such-key": 1 }""",
            """{ "owner": 1, "owner": 2 }""",
            new string('[', 1000),
            "{\"a\":\0}",
            """{ "\ud800": 1 }""",
            """{ "owner": "\udc00" }""",
        ];
        var before = Engine.Book;
        foreach (var body in bodies)
        {
            var (status, _) = await AskAsync(operation, path, body);
            // A patch of a kind that nobody knows is about something that is not there.
            Assert.True(
                status == BadRequest || (status == NotFound && id == "patch-configuration"),
                $"{body}: {status}"
            );
        }

        var (media, _) = await AskAsync(operation, path, HappyPath.All[id].Body, "application/xml");
        Assert.Equal(WrongMedia, media);
        Assert.Same(before, Engine.Book);
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_that_is_too_long_is_refused_before_it_is_read(string id)
    {
        var operation = Api[id];
        await using var server = await BeginAsync();
        using var announced = new StreamContent(new SilentStream(operation.MostBytes + 1));
        announced.Headers.ContentType = new(operation.Media[0]);
        announced.Headers.ContentLength = operation.MostBytes + 1;
        var (status, _) = await AskAsync(operation, HappyPath.All[id].Path, announced);
        Assert.Equal(TooLarge, status);
        if (operation.MostBytes < 1 << 20)
        {
            using var untold = new StreamContent(new SilentStream(operation.MostBytes + 1));
            untold.Headers.ContentType = new(operation.Media[0]);
            try
            {
                (status, _) = await AskAsync(operation, HappyPath.All[id].Path, untold);
                Assert.Equal(TooLarge, status);
            }
            catch (HttpRequestException error) when (error.InnerException is IOException)
            {
                // It was refused while the rest was on its way: then the answer may be lost.
            }

            Assert.Equal("drain", Engine.State.Inputs.Overrides.Values.Single().Action.ToString(), ignoreCase: true);
        }
    }

    private static TheoryData<string> Where(Func<DescribedOperation, bool> which) =>
        [.. Api.Operations.Where(one => which(one) && !HappyPath.Empty.Contains(one.Id)).Select(one => one.Id)];

    // The path with this value in the place of the one it has; null: without.
    private static string With(string path, string name, string? value)
    {
        var parts = path.Split('?', 2);
        var query = (parts.Length > 1 ? parts[1] : "")
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => pair.Split('=')[0] != name);
        var all = value is null ? query : query.Append($"{name}={value}");
        return $"{parts[0]}?{string.Join('&', all)}";
    }

    private async Task<ApiServer> BeginAsync(INodeUpgrade? upgrade = null)
    {
        var server = await StartAsync(node => node with { Upgrade = upgrade });
        Adapters.Observation = Adapters.Observation with
        {
            Certificates = [ShownCertificate.Until(TimeProvider.System.GetUtcNow().AddDays(30))],
        };
        await ApplyAsync(Web());
        History.Add(new(Source.File("web.yaml"), "test", DateTimeOffset.UnixEpoch, Web(), Web()));
        await AskAsync(
            "PUT",
            "/configuration/services/shop",
            """{ "listen": "tcp://127.0.0.1:8081", "backends": ["10.0.1.1:80", "10.0.1.2:80"] }"""
        );
        await AskAsync("PUT", "/overrides?target=backend/web/10.0.0.1:80", HappyPath.All["set-override"].Body);
        return server;
    }

    private async Task<(int Status, JsonNode Answer)> AskAsync(string method, string path, string? body)
    {
        var operation = new DescribedOperation("setup", method, path, []);
        var (status, answer) = await AskAsync(operation, path, body, check: false);
        Assert.InRange(status, 200, 299);
        return (status, answer);
    }

    private async Task<(int Status, JsonNode Answer)> AskAsync(
        DescribedOperation operation,
        string path,
        string? body,
        string? media = null,
        bool check = true
    )
    {
        using var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (content is not null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue(
                media ?? (check && operation.Media.Count > 0 ? operation.Media[0] : null) ?? "application/json"
            );
        }

        return await AskAsync(operation, path, content, check);
    }

    private async Task<(int Status, JsonNode Answer)> AskAsync(
        DescribedOperation operation,
        string path,
        HttpContent? content,
        bool check = true
    )
    {
        using var http = Client();
        using var request = new HttpRequestMessage(new(operation.Method), "http://fulcrum/api/v1" + path);
        request.Content = content;
        // What is refused by its length alone need not be sent.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 1 << 16;
        using var answer = await Wait.For(http.SendAsync(request), $"an answer to {operation.Method} {path}");
        var text = await answer.Content.ReadAsStringAsync();
        var status = (int)answer.StatusCode;
        if (check)
        {
            Assert.Null(Api.WhyNot(operation, status, answer.Content.Headers.ContentType?.MediaType, text));
        }

        return (status, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject());
    }

    private async Task<int> FollowAsync(string path)
    {
        using var http = Client();
        using var stream = await Follow.BeginAsync(http, path["/events".Length..]);
        var one = await stream.NextAsync();
        Assert.Null(Api.WhyNot(Api["follow-events"], 200, "text/event-stream", ""));
        Assert.Equal("service", (string)one.Data["type"]!);
        return 200;
    }

    /// <summary>So many spaces.</summary>
    private sealed class SilentStream(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(_left, count);
            buffer.AsSpan(offset, count).Fill((byte)' ');
            _left -= count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Protocols.Tests.Acme;

public sealed class AcmeDocumentsTests
{
    private static readonly AcmeStatus[] Statuses = Enum.GetValues<AcmeStatus>();

    [Fact]
    public void What_is_written_of_an_order_is_read_of_it() =>
        ForAll(random =>
        {
            var order = new AcmeOrder
            {
                Status = Statuses[random.Next(Statuses.Length)],
                Expires = random.Next(2) == 0 ? null : Moment(random),
                Names = [.. Several(random, 1, () => Name(random))],
                Authorizations = [.. Several(random, 0, () => Url(random))],
                Finalize = Url(random),
                Certificate = random.Next(2) == 0 ? null : Url(random),
                Error = random.Next(2) == 0 ? null : Problem(random),
            };
            var read = AcmeDocuments.ReadOrder(Bytes(Write(order)))!;
            Assert.Equal(Write(order).ToJsonString(), Write(read).ToJsonString());
        });

    [Fact]
    public void What_is_written_of_an_authorization_is_read_of_it() =>
        ForAll(random =>
        {
            var authorization = new AcmeAuthorization
            {
                Status = Statuses[random.Next(Statuses.Length)],
                Expires = random.Next(2) == 0 ? null : Moment(random),
                Name = Name(random),
                IsWildcard = random.Next(2) == 0,
                Challenges = [.. Several(random, 0, () => Challenge(random))],
            };
            var read = AcmeDocuments.ReadAuthorization(Bytes(Write(authorization)))!;
            Assert.Equal(Write(authorization).ToJsonString(), Write(read).ToJsonString());
        });

    [Fact]
    public void A_directory_is_read()
    {
        var directory = AcmeDocuments.ReadDirectory(
            Bytes(
                """
                {"newNonce":"https://ca/n","newAccount":"https://ca/a","newOrder":"https://ca/o","x":[{}],
                 "renewalInfo":"https://ca/r","meta":{"termsOfService":"https://ca/t","externalAccountRequired":true}}
                """
            )
        )!;
        Assert.Equal(
            ("https://ca/n", "https://ca/a", "https://ca/o", "https://ca/r", "https://ca/t", true),
            (
                directory.NewNonce.OriginalString,
                directory.NewAccount.OriginalString,
                directory.NewOrder.OriginalString,
                directory.RenewalInfo!.OriginalString,
                directory.TermsOfService,
                directory.NeedsExternalAccount
            )
        );
    }

    [Fact]
    public void A_wish_for_renewal_is_read_and_one_that_ends_before_it_begins_is_none()
    {
        var wish = AcmeDocuments.ReadRenewalInfo(
            Bytes("""{"suggestedWindow":{"start":"2031-01-02T04:00:00Z","end":"2031-01-03T05:00:00+01:00"}}""")
        );
        Assert.Equal(
            new(new(2031, 1, 2, 4, 0, 0, TimeSpan.Zero), new DateTimeOffset(2031, 1, 3, 4, 0, 0, TimeSpan.Zero), null),
            wish
        );
        Assert.Null(
            AcmeDocuments.ReadRenewalInfo(
                Bytes("""{"suggestedWindow":{"start":"2031-01-02T04:00:00Z","end":"2031-01-02T04:00:00Z"}}""")
            )
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"status":"valid"}""")]
    [InlineData("""{"status":"new","identifiers":[],"authorizations":[],"finalize":"https://ca/f"}""")]
    [InlineData(
        """{"status":"valid","identifiers":[{"type":"dns","value":"a"}],"authorizations":[],"finalize":"ftp://ca"}"""
    )]
    [InlineData(
        """{"status":"valid","identifiers":[{"type":"ip","value":"a"}],"authorizations":[],"finalize":"https://ca"}"""
    )]
    [InlineData("""{"status":"valid","identifiers":{"type":"dns"},"authorizations":[],"finalize":"https://ca/f"}""")]
    [InlineData(
        """{"status":"valid","identifiers":[{"type":"dns","value":"\ud800"}],"authorizations":[],"finalize":"https://ca"}"""
    )]
    public void What_is_no_order_is_none(string text) => Assert.Null(AcmeDocuments.ReadOrder(Bytes(text)));

    [Fact]
    public void What_is_too_large_too_deep_or_too_many_is_none()
    {
        var order =
            """{"status":"valid","identifiers":[{"type":"dns","value":"a"}],"authorizations":[],"finalize":"https://ca"}""";
        Assert.NotNull(AcmeDocuments.ReadOrder(Bytes(order)));
        Assert.Null(AcmeDocuments.ReadOrder(Bytes(order + new string(' ', AcmeDocuments.MostBytes))));
        var deep = $$"""{"x":{{new string('[', 20)}}{{new string(']', 20)}},{{order[1..]}}""";
        Assert.Null(AcmeDocuments.ReadOrder(Bytes(deep)));
        var many = string.Join(',', Enumerable.Repeat("\"https://ca/a\"", 101));
        Assert.Null(AcmeDocuments.ReadOrder(Bytes(order.Replace("[],", $"[{many}],", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_problem_is_lines()
    {
        var problem = AcmeDocuments.ReadProblem(
            Bytes(
                """
                {"type":"urn:ietf:params:acme:error:rateLimited","detail":"too\nmany","subproblems":[
                 {"detail":"no","identifier":{"type":"dns","value":"a.example"}},{"detail":"else"},{"type":"x"}]}
                """
            )
        )!;
        Assert.Equal(AcmeProblem.RateLimited, problem.Kind);
        Assert.Equal("too\\010many (rateLimited); a.example: no; else", problem.ToString());
    }

    [Theory]
    [InlineData("abc-_9", true)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    [InlineData("a=", false)]
    public void A_token_is_of_the_characters_that_it_may_be_of(string token, bool isOne)
    {
        var challenge = AcmeDocuments.ReadChallenge(
            Bytes($$"""{"type":"http-01","url":"https://ca/c","status":"pending","token":"{{token}}"}""")
        )!;
        Assert.Equal(isOne ? token : null, challenge.Token);
    }

    private static void ForAll(Action<Random> holds) =>
        Prop.ForAll<int>(seed => holds(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Bytes(JsonNode node) => Bytes(node.ToJsonString());

    private static DateTimeOffset Moment(Random random) =>
        new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(100_000_000));

    private static string Name(Random random) => $"{(random.Next(3) == 0 ? "*." : "")}n{random.Next(99)}.example.com";

    private static Uri Url(Random random) =>
        new($"https://ca.example:{random.Next(1, 9999)}/x/{random.Next()}?a=b%20c");

    private static AcmeProblem Problem(Random random) =>
        new()
        {
            Type = $"urn:ietf:params:acme:error:{random.Next(9)}",
            Detail = random.Next(2) == 0 ? null : $"\"ü\" {random.Next()}",
            Parts = [.. Several(random, 0, () => $"part {random.Next(9)}")],
        };

    private static AcmeChallenge Challenge(Random random) =>
        new()
        {
            Type = $"type-{random.Next(4)}",
            Url = Url(random),
            Status = Statuses[random.Next(Statuses.Length)],
            Token = random.Next(3) == 0 ? null : $"t-_{random.Next()}",
            Error = random.Next(3) == 0 ? Problem(random) : null,
        };

    private static IEnumerable<T> Several<T>(Random random, int least, Func<T> make) =>
        Enumerable.Range(0, least + random.Next(4)).Select(_ => make());

    private static JsonObject Write(AcmeOrder order) =>
        new()
        {
            ["status"] = Word(order.Status),
            ["expires"] = Time(order.Expires),
            ["identifiers"] = new JsonArray([.. order.Names.Select(Identifier)]),
            ["authorizations"] = new JsonArray([.. order.Authorizations.Select(url => (JsonNode)url.OriginalString)]),
            ["finalize"] = order.Finalize.OriginalString,
            ["certificate"] = order.Certificate?.OriginalString,
            ["error"] = Write(order.Error),
        };

    private static JsonObject Write(AcmeAuthorization authorization) =>
        new()
        {
            ["status"] = Word(authorization.Status),
            ["expires"] = Time(authorization.Expires),
            ["identifier"] = Identifier(authorization.Name),
            ["wildcard"] = authorization.IsWildcard,
            ["challenges"] = new JsonArray([
                .. authorization.Challenges.Select(challenge => new JsonObject
                {
                    ["type"] = challenge.Type,
                    ["url"] = challenge.Url.OriginalString,
                    ["status"] = Word(challenge.Status),
                    ["token"] = challenge.Token,
                    ["error"] = Write(challenge.Error),
                }),
            ]),
        };

    private static JsonObject? Write(AcmeProblem? problem) =>
        problem is null
            ? null
            : new()
            {
                ["type"] = problem.Type,
                ["detail"] = problem.Detail,
                ["subproblems"] = new JsonArray([
                    .. problem.Parts.Select(part => new JsonObject { ["detail"] = part }),
                ]),
            };

    private static JsonNode Identifier(string name) => new JsonObject { ["type"] = "dns", ["value"] = name };

    private static string Word(AcmeStatus status) => status.ToString().ToLowerInvariant();

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

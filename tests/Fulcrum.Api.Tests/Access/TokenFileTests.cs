using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Api.Access.Tokens;
using Fulcrum.Model.Access;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests.Access;

public sealed class TokenFileTests : IDisposable
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_is_random_and_long()
    {
        var (one, other) = (TokenSecret.Create(), TokenSecret.Create());
        Assert.True(TokenSecret.IsOne(one));
        Assert.NotEqual(one, other);
        Assert.StartsWith("fulcrum_", one, StringComparison.Ordinal);
        Assert.False(TokenSecret.IsOne(one + "A"));
        Assert.False(TokenSecret.IsOne(one[1..]));
        Assert.False(TokenSecret.IsOne(one.Replace('_', '!')));
    }

    [Theory]
    [InlineData("x", "line 1: is not understood")]
    [InlineData("null", "line 1: has no usable name")]
    [InlineData(
        """{"name":"a b","role":"reader","created":"2026-01-01T00:00:00Z","sha256":"#"}""",
        "has no usable name"
    )]
    [InlineData(
        """{"name":"a","role":"root","created":"2026-01-01T00:00:00Z","sha256":"#"}""",
        "a role that is none of"
    )]
    [InlineData("""{"name":"a","role":"reader","created":"2026-01-01T00:00:00Z","sha256":"00"}""", "no hash of 64")]
    [InlineData(
        """{"name":"a","role":"reader","select":"=","created":"2026-01-01T00:00:00Z","sha256":"#"}""",
        "a 'select' that is not understood"
    )]
    [InlineData("""{"name":"a","role":"reader","created":"soon","sha256":"#"}""", "is not understood")]
    [InlineData("""{"name":"a","role":"reader","sha256":"#"}""", "is not understood")]
    [InlineData(
        """{"name":"a","role":"reader","created":"2026-01-01T00:00:00Z","expiry":1,"sha256":"#"}""",
        "is not understood"
    )]
    public void A_bad_line_lets_nobody_in_and_takes_nobody_elses_token(string line, string problem)
    {
        var file = TokenFile.Parse($"{line.Replace("#", Hash, StringComparison.Ordinal)}\n{Good("b", '1')}\n");
        Assert.Contains(problem, Assert.Single(file.Problems), StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single(file.Tokens).Name);
    }

    [Fact]
    public void Names_and_tokens_are_unique()
    {
        var file = TokenFile.Parse($"{Good("a", '1')}\n\n{Good("a", '2')}\n{Good("b", '1')}");
        Assert.Equal("a", Assert.Single(file.Tokens).Name);
        Assert.Equal(["line 3: there is a token 'a' above", "line 4: there is the same token above"], file.Problems);
    }

    [Fact]
    public void There_are_not_more_than_can_be_compared_at_once()
    {
        var lines = Enumerable
            .Range(0, TokenFile.MostTokens + 1)
            .Select(i => Good($"t{i}", '0').Replace("00000000", $"{i:d8}", StringComparison.Ordinal));
        var file = TokenFile.Parse(string.Join('\n', lines));
        Assert.Equal(TokenFile.MostTokens, file.Tokens.Count);
        Assert.Contains("more than 1000", Assert.Single(file.Problems), StringComparison.Ordinal);
    }

    /// <summary>What is written is read as the same tokens.</summary>
    [Fact]
    public void Tokens_come_back_as_they_went() =>
        Prop.ForAll<int>(seed =>
            {
                var random = new Random(seed);
                var tokens = Enumerable.Range(0, random.Next(6)).Select(i => Made(random, i));
                var file = new TokenFile(Items.From(tokens), []);
                Assert.Equal(file, TokenFile.Parse(file.ToText()));
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_file_is_its_owners_alone()
    {
        var path = _folder.PathOf("tokens");
        TokenFile.Change(path, file => file with { Tokens = [Made(new(1), 1)] });
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Single(TokenFile.Read(path).Tokens);
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var error = Assert.Throws<IOException>(() => TokenFile.Read(path));
        Assert.Contains($"'chmod 600 {path}'", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => TokenFile.Change(path, file => file));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Two_do_not_change_it_at_once()
    {
        var path = _folder.PathOf("tokens");
        TokenFile.Change(
            path,
            file =>
            {
                var error = Assert.Throws<IOException>(() => TokenFile.Change(path, other => other));
                Assert.Contains("somebody changes", error.Message, StringComparison.Ordinal);
                return file with { Tokens = [Made(new(1), 1)] };
            }
        );
        Assert.Single(TokenFile.Read(path).Tokens);
    }

    [Fact]
    public void A_change_does_not_lose_what_it_does_not_understand()
    {
        var path = _folder.Write("tokens", "{\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var error = Assert.Throws<IOException>(() => TokenFile.Change(path, file => file));
        Assert.Contains("line 1: is not understood; mend", error.Message, StringComparison.Ordinal);
        Assert.Equal("{\n", File.ReadAllText(path));
    }

    private static string Good(string name, char digit) =>
        $$"""{"name":"{{name}}","role":"reader","created":"2026-01-01T00:00:00Z","sha256":"{{new string(digit, 64)}}"}""";

    private static ApiToken Made(Random random, int number) =>
        new()
        {
            Name = $"t{number}",
            Role = (AccessRole)random.Next(3),
            Scope =
                random.Next(2) == 0
                    ? Selector.Everything
                    : new([
                        new("tier", SelectorOperator.In, ["web", "db"]),
                        new("old", SelectorOperator.DoesNotExist, []),
                    ]),
            Created = DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 30000)),
            Expires = random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(random.Next()),
            Sha256 = Convert.ToHexStringLower(TokenSecret.Hash($"{number}")),
        };
}

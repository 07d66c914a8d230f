using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Api.Access;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Api.Tests.Access;

public sealed class ClientNamesTests
{
    [Fact]
    public void A_certificate_names_its_common_and_its_alternative_names()
    {
        using var authority = TestAuthority.Create();
        using var certificate = authority.Issue("alice", "alice.example.com", "192.0.2.7");
        Assert.Equal(["alice", "alice.example.com", "192.0.2.7"], ClientNames.Of(certificate.Certificate));
    }

    [Fact]
    public void A_name_with_spaces_is_nobodys()
    {
        using var authority = TestAuthority.Create();
        using var certificate = authority.Issue("alice bob");
        Assert.Empty(ClientNames.Of(certificate.Certificate));
    }

    [Theory]
    [InlineData("alice", "alice", true)]
    [InlineData("alice", "ALICE", true)]
    [InlineData("alice", "alice2", false)]
    [InlineData("*.ops.example.com", "eve.ops.example.com", true)]
    [InlineData("*.ops.example.com", "ops.example.com", false)]
    [InlineData("*.ops.example.com", "eve.ops.example.com.evil", false)]
    [InlineData("a*b*c", "aXbbXc", true)]
    [InlineData("*", "anything", true)]
    [InlineData("a.c", "abc", false)]
    public void Patterns_fit_whole_names(string pattern, string name, bool fits) =>
        Assert.Equal(fits, ClientNames.Fits(pattern, name));

    /// <summary>As a regular expression says, which takes another way there.</summary>
    [Fact]
    public void Patterns_fit_what_an_expression_fits() =>
        Prop.ForAll<int>(seed =>
            {
                var random = new Random(seed);
                var (pattern, name) = (Text(random, "ab*."), Text(random, "ab."));
                var expression = $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$";
                Assert.Equal(
                    Regex.IsMatch(name, expression, RegexOptions.NonBacktracking),
                    ClientNames.Fits(pattern, name)
                );
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static string Text(Random random, string letters) =>
        new([.. Enumerable.Range(0, random.Next(8)).Select(_ => letters[random.Next(letters.Length)])]);
}

using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Engine.Selecting;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Selecting;

public sealed class NameChoiceTests
{
    private static readonly string[] Patterns =
    [
        "a.example",
        "B.example",
        "www.a.example",
        "",
        "*",
        "*.example",
        "*.a.example",
        "www.*",
        "*a*",
        "~^[ab][.]",
        "~w{3}",
    ];

    private static readonly string[] Names =
    [
        "",
        "a.example",
        "b.example",
        "www.a.example",
        "www.b.example",
        "a.test",
        "aaa",
        "x.y",
        "www.",
        "example",
    ];

    [Fact]
    public void Without_by_sni_the_name_does_not_matter() =>
        Assert.Null(NameChoice.Of(Upstream(null, Backend(0, "a.example"))));

    [Fact]
    public void All_whose_pattern_holds_are_eligible_and_nobody_else()
    {
        var random = Seeds.NewRandom();
        for (var round = 0; round < 2_000; round++)
        {
            var backends = Enumerable
                .Range(0, random.Next(12))
                .Select(index =>
                    Backend(index, random.Next(4) == 0 ? null : Patterns[random.Next(Patterns.Length)]) with
                    {
                        IsRemoved = random.Next(6) == 0,
                    }
                )
                .ToArray();
            var bySni = (BySni)random.Next(3);
            var choice = NameChoice.Of(Upstream(bySni, backends))!;
            foreach (var name in Names)
            {
                var holds = backends.Where(backend => Holds(backend, name)).ToList();
                // A pattern that only removed members have is nobody's.
                var kept = holds.Where(one => backends.Any(other => !other.IsRemoved && IsSame(one, other))).ToList();
                var untagged = backends.Where(backend => backend.Sni is null).ToList();
                var expected =
                    kept.Count > 0 ? kept
                    : bySni == BySni.Any ? [.. backends]
                    : bySni == BySni.Default && untagged.Any(backend => !backend.IsRemoved) ? untagged
                    : null;
                var group = choice.GroupOf(name);
                Assert.Equal(expected?.Select(one => one.Id), group?.Upstream.Backends.Select(one => one.Id));
                Assert.Same(group, choice.GroupOf(name));
            }
        }
    }

    [Fact]
    public void Groups_have_the_same_key_in_the_next_generation_and_no_two_have_one()
    {
        var backends = Patterns.Select((pattern, index) => Backend(index, pattern)).Append(Backend(90, null)).ToArray();
        var one = NameChoice.Of(Upstream(BySni.Default, backends))!;
        var next = NameChoice.Of(
            Upstream(BySni.Default, [.. backends.Select(backend => backend with { Weight = 2 })])
        )!;
        var keys = one.Groups.Select(group => group.Key).ToList();
        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
        foreach (var name in Names)
        {
            Assert.Equal(one.GroupOf(name)!.Key, next.GroupOf(name)!.Key);
        }
    }

    [Fact]
    public void What_is_put_together_later_has_a_bound_beyond_which_the_first_pattern_decides()
    {
        const int Count = 12;
        // Each holds for names that have its letter: 4096 combinations.
        var backends = Enumerable.Range(0, Count).Select(index => Backend(index, $"*{(char)('a' + index)}*")).ToArray();
        var choice = NameChoice.Of(Upstream(BySni.Refuse, backends))!;
        var groups = new HashSet<NameGroup>();
        for (var letters = 1; letters < 1 << Count; letters++)
        {
            var name = string.Concat(
                Enumerable.Range(0, Count).Where(bit => (letters & (1 << bit)) != 0).Select(bit => (char)('a' + bit))
            );
            var group = choice.GroupOf(name)!;
            groups.Add(group);
            Assert.All(group.Upstream.Backends, backend => Assert.True(Holds(backend, name)));
        }
        Assert.InRange(groups.Count, 256, 256 + Count);
    }

    private static bool Holds(PlaneBackend backend, string name) =>
        backend.Sni is { } pattern && new TextMatcher(pattern, ignoreCase: true).Matches(name);

    private static bool IsSame(PlaneBackend one, PlaneBackend other) =>
        one.Sni!.Kind == other.Sni?.Kind
        && string.Equals(one.Sni.Text, other.Sni.Text, StringComparison.OrdinalIgnoreCase);

    private static PlaneUpstream Upstream(BySni? bySni, params PlaneBackend[] backends) =>
        new()
        {
            Name = "u",
            Backends = Items.From(backends),
            BySni = bySni,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ConnectRetries = 1,
        };

    private static PlaneBackend Backend(int index, string? pattern) =>
        new()
        {
            Id = $"b{index}",
            Address = IPAddress.Loopback,
            Port = index + 1,
            Weight = 1,
            Duty = BackendDuty.Serve,
            Sni = pattern switch
            {
                null => null,
                ['~', ..] => new(TextPatternKind.Expression, pattern[1..]),
                _ when pattern.Contains('*', StringComparison.Ordinal) => new(TextPatternKind.Wildcard, pattern),
                _ => new(TextPatternKind.Exact, pattern),
            },
        };
}

using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Selecting;

/// <summary>
/// Which members of an upstream are eligible for a TLS server name, where it chooses by that: all whose pattern holds for
/// the name, else those that the upstream says. Used by planes and by trace alike.
/// <para>
/// Members are put into groups ahead of time, so that a balancer works on a group and knows of no names: one for each exact
/// name, with whatever other pattern holds for it, and one for each other pattern. Only what several of those hold for is
/// put together when first such a name comes, which then costs the same as any other. The health of members does not
/// matter: a name whose own members are down is not for anybody else to answer.
/// </para>
/// </summary>
public sealed class NameChoice
{
    /// <summary>Groups that are put together later. Beyond it only the first pattern's members are chosen from.</summary>
    private const int MostCombined = 256;

    private readonly PlaneUpstream _upstream;
    private readonly Dictionary<string, NameGroup> _exact = new(StringComparer.Ordinal);
    private readonly (TextMatcher Matcher, NameGroup Group)[] _patterns;
    private readonly Func<bool> _mayCombine;
    private int _combined;

    private NameChoice(PlaneUpstream upstream)
    {
        _upstream = upstream;
        _mayCombine = () => Interlocked.Increment(ref _combined) <= MostCombined;
        var byPattern = upstream
            .Backends.Where(backend => backend.Sni is not null)
            .GroupBy(backend => backend.Sni!.Kind == TextPatternKind.Exact ? Lowered(backend.Sni) : backend.Sni)
            // Who was removed from the file claims no name any more.
            .Where(some => some.Any(backend => !backend.IsRemoved))
            .ToList();
        _patterns =
        [
            .. byPattern
                .Where(some => some.Key.Kind != TextPatternKind.Exact)
                .Select(some =>
                    (new TextMatcher(some.Key, ignoreCase: true), new NameGroup(upstream, [some.Key], some))
                ),
        ];
        foreach (var some in byPattern.Where(some => some.Key.Kind == TextPatternKind.Exact))
        {
            var group = new NameGroup(upstream, [some.Key], some);
            _exact[some.Key.Text] = Combined(some.Key.Text, group, static () => true)!;
        }

        Rest = RestOf(upstream);
    }

    /// <summary>Those for whom no pattern holds go there; null: nowhere.</summary>
    public NameGroup? Rest { get; }

    /// <summary>All that were put together ahead of time.</summary>
    public IEnumerable<NameGroup> Groups =>
        _exact.Values.Concat(_patterns.Select(pattern => pattern.Group)).Concat(Rest is { } rest ? [rest] : []);

    /// <summary>Null: the name does not matter.</summary>
    public static NameChoice? Of(PlaneUpstream upstream) => upstream.BySni is null ? null : new(upstream);

    /// <summary>Where a client goes; null: nowhere.</summary>
    /// <param name="name">In lower case; empty: it sent none.</param>
    public NameGroup? GroupOf(ReadOnlySpan<char> name) =>
        _exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var group)
            ? group
            : Combined(name, null, _mayCombine) ?? Rest;

    private NameGroup? Combined(ReadOnlySpan<char> name, NameGroup? group, Func<bool> mayCombine)
    {
        for (var index = 0; index < _patterns.Length; index++)
        {
            var (matcher, own) = _patterns[index];
            if (matcher.Matches(name))
            {
                group = group?.With(own, _upstream, index, _patterns.Length, mayCombine) ?? own;
            }
        }

        return group;
    }

    private static TextPattern Lowered(TextPattern pattern) => pattern with { Text = pattern.Text.ToLowerInvariant() };

    private static NameGroup? RestOf(PlaneUpstream upstream) =>
        upstream.BySni switch
        {
            BySni.Any => new(upstream, [], upstream.Backends),
            BySni.Default when upstream.Backends.Any(backend => backend is { Sni: null, IsRemoved: false }) => new(
                upstream,
                [],
                upstream.Backends.Where(backend => backend.Sni is null)
            ),
            _ => null,
        };
}

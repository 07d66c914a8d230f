using Fulcrum.Configuration.Nodes;
using Fulcrum.Configuration.Problems;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Where a reader is, and where it reports. The path is only put together when there is something to report.</summary>
internal sealed class ReadContext(ProblemList problems)
{
    private readonly List<PathSegment> _path = [];

    public ProblemList Problems { get; } = problems;

    public void Enter(string key) => _path.Add(new(key, 0));

    public void Enter(int index) => _path.Add(new(null, index));

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Reports that something else stands here than should. Always false, to be returned.</summary>
    public bool Fail(ConfigNode node, Shape expected) => Fail(node, $"found {node.Found}", expected.Expected);

    public bool Fail(ConfigNode node, string message, string? expected, string? suggestion = null) =>
        node is not ScalarNode { IsBroken: true } && Fail(node.Position, message, expected, suggestion);

    public bool Fail(SourcePosition position, string message, string? expected = null, string? suggestion = null)
    {
        Problems.Add(
            new Problem
            {
                Position = position,
                Path = new ModelPath(Items.From(_path.Select(Shown))).ToString(),
                Message = message,
                Expected = expected,
                Suggestion = suggestion,
            }
        );
        return false;
    }

    // Keys come from the text: a message stays one short line whatever they hold.
    private static PathSegment Shown(PathSegment segment) =>
        segment.Key is { } key ? new(ScalarNode.Shorten(key), 0) : segment;
}

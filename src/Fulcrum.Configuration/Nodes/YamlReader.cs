using Fulcrum.Configuration.Problems;
using Fulcrum.Model.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Parser = YamlDotNet.Core.Parser;

namespace Fulcrum.Configuration.Nodes;

/// <summary>
/// YAML 1.2 to nodes over YamlDotNet's event parser. Anchors and aliases are followed (each use counts in full
/// against the budget, so that a few lines cannot blow up to millions of values), <c>&lt;&lt;</c> merges; tags and
/// several documents are refused, as nothing here would know what to do with them.
/// </summary>
internal sealed class YamlReader
{
    private readonly SourceText _source;
    private readonly NodeBudget _budget;
    private readonly Expansion _expansion;
    private readonly ProblemList _problems;
    private readonly Parser _parser;
    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);

    private YamlReader(SourceText source, NodeBudget budget, Expansion expansion, ProblemList problems)
    {
        _source = source;
        _budget = budget;
        _expansion = expansion;
        _problems = problems;
        _parser = new Parser(new StringReader(source.ToText()));
    }

    /// <summary>A node, or null for a text without content.</summary>
    public static ConfigNode? Read(SourceText source, NodeBudget budget, Expansion expansion, ProblemList problems)
    {
        try
        {
            return new YamlReader(source, budget, expansion, problems).ReadStream();
        }
        catch (YamlException exception)
        {
            throw new NodeException(
                new SourcePosition(source.File, (int)exception.Start.Line, (int)exception.Start.Column),
                $"YAML: {Sentence(exception.Message)}"
            );
        }
    }

    private ConfigNode? ReadStream()
    {
        Next();
        if (Next() is StreamEnd)
        {
            return null;
        }

        Next();
        var node = ReadNode(0);
        Next();
        if (Next() is DocumentStart second)
        {
            throw new NodeException(
                At(second.Start),
                "a second YAML document",
                "one document; use include for more files"
            );
        }

        return node;
    }

    private ConfigNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        var position = At(current.Start);
        if (current is AnchorAlias alias)
        {
            return Use(alias.Value.Value, position, depth);
        }

        if (current is not NodeEvent start)
        {
            // The parser lets some values be missing altogether, where YAML has none.
            throw new NodeException(position, "YAML: a value is missing");
        }

        if (!start.Tag.IsEmpty)
        {
            throw new NodeException(
                position,
                $"YAML tag {ScalarNode.Shorten(start.Tag.Value)}",
                "no tags: each key knows its type"
            );
        }

        var before = _budget.Nodes;
        _budget.Spend(1, position);
        Anchored? anchored = null;
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = anchored = new Anchored();
        }

        ConfigNode node = start switch
        {
            Scalar scalar => ScalarOf(scalar, position),
            SequenceStart => ReadSequence(position, depth + 1),
            _ => ReadMapping(position, depth + 1),
        };
        anchored?.Complete(node, _budget.Nodes - before);
        return node;
    }

    private ScalarNode ScalarOf(Scalar scalar, SourcePosition position) =>
        _expansion.Apply(
            scalar.Value,
            scalar.Style == YamlDotNet.Core.ScalarStyle.Plain ? ScalarStyle.Plain : ScalarStyle.Quoted,
            position
        );

    private SequenceNode ReadSequence(SourcePosition position, int depth)
    {
        _budget.CheckDepth(depth, position);
        var items = new List<ConfigNode>();
        while (Next() is not SequenceEnd)
        {
            items.Add(ReadNode(depth));
        }

        return new(items, position);
    }

    private MappingNode ReadMapping(SourcePosition position, int depth)
    {
        _budget.CheckDepth(depth, position);
        var entries = new EntryList(_problems);
        List<ConfigNode>? merged = null;
        while (Next() is not MappingEnd)
        {
            var (key, isMerge) = ReadKey();
            var keyPosition = At(_parser.Current!.Start);
            Next();
            var value = ReadNode(depth);
            if (isMerge)
            {
                (merged ??= []).Add(value);
            }
            else
            {
                entries.Add(new(key, keyPosition, value));
            }
        }

        // After the object's own keys, which win.
        foreach (var node in merged ?? [])
        {
            Merge(node, entries);
        }

        return new(entries.ToList(), position);
    }

    private (string Key, bool IsMerge) ReadKey()
    {
        var position = At(_parser.Current!.Start);
        if (_parser.Current is AnchorAlias alias && Use(alias.Value.Value, position, 0) is ScalarNode aliased)
        {
            return (aliased.Text, false);
        }

        if (_parser.Current is not Scalar { Tag.IsEmpty: true } scalar)
        {
            throw new NodeException(position, "a key that is not a word", "a word before the colon");
        }

        if (!scalar.Anchor.IsEmpty)
        {
            var anchored = _anchors[scalar.Anchor.Value] = new Anchored();
            anchored.Complete(ScalarOf(scalar, position), 1);
        }

        return (scalar.Value, scalar is { Value: "<<", Style: YamlDotNet.Core.ScalarStyle.Plain });
    }

    private void Merge(ConfigNode node, EntryList entries)
    {
        foreach (var part in node is SequenceNode list ? list.Items : [node])
        {
            if (part is MappingNode mapping)
            {
                entries.Merge(mapping);
            }
            else
            {
                throw new NodeException(
                    part.Position,
                    $"found {part.Found} to merge",
                    "an object, or a list of objects"
                );
            }
        }
    }

    private ConfigNode Use(string anchor, SourcePosition position, int depth)
    {
        if (!_anchors.TryGetValue(anchor, out var anchored))
        {
            throw new NodeException(position, $"no anchor '{ScalarNode.Shorten(anchor)}' above this alias");
        }

        if (anchored.Node is not { } node)
        {
            throw new NodeException(position, $"anchor '{ScalarNode.Shorten(anchor)}' contains itself");
        }

        _budget.Spend(anchored.Size, position);
        _budget.CheckDepth(depth + HeightOf(node), position);
        return node;
    }

    // Costs no more than what the budget was just charged.
    private static int HeightOf(ConfigNode node) =>
        node switch
        {
            SequenceNode { Items.Count: > 0 } list => 1 + list.Items.Max(HeightOf),
            MappingNode { Entries.Count: > 0 } mapping => 1 + mapping.Entries.Max(entry => HeightOf(entry.Value)),
            ScalarNode => 0,
            _ => 1,
        };

    private ParsingEvent Next()
    {
        var last = _parser.Current;
        try
        {
            if (_parser.MoveNext())
            {
                return _parser.Current!;
            }
        }
        catch (Exception exception) when (exception is not YamlException)
        {
            // The scanner trips over itself on some malformed texts (fuzzing finds InvalidOperationException and
            // others): to whoever wrote the text that is a syntax error like any other.
            throw new NodeException(
                last is null ? new(_source.File, 1, 1) : At(last.End),
                "YAML: not understood from here on"
            );
        }

        throw new NodeException(new(_source.File, 1, 1), "YAML: the text ends in the middle");
    }

    private SourcePosition At(Mark mark) => new(_source.File, (int)mark.Line, (int)mark.Column);

    private static string Sentence(string message)
    {
        var text = ScalarNode.Shorten(message.TrimEnd('.'), 200);
        return text.Length == 0 ? "not understood" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private sealed class Anchored
    {
        public ConfigNode? Node { get; private set; }

        public int Size { get; private set; }

        public void Complete(ConfigNode node, int size)
        {
            Node = node;
            Size = size;
        }
    }
}

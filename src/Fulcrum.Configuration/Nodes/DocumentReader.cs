using System.Text;
using Fulcrum.Configuration.Problems;
using Fulcrum.Model.Problems;

namespace Fulcrum.Configuration.Nodes;

/// <summary>
/// Reads a file and all that it includes into one object. <c>include</c> is a path or a list of such, relative to the
/// file it stands in. Objects of the maps at the top (services, upstreams, ...) come together; any key that two
/// files both set is a problem that names both places. A file that is included twice is read once.
/// </summary>
internal sealed class DocumentReader(
    NodeLimits limits,
    IReadOnlyDictionary<string, string> variables,
    IReadOnlySet<string> mergedKeys,
    ProblemList problems
)
{
    private const string IncludeKey = "include";

    private readonly NodeBudget _budget = new(limits);
    private readonly Expansion _expansion = new(variables, problems);
    private readonly EntryList _entries = new(problems);
    private readonly Dictionary<string, (SourcePosition Position, EntryList Entries)> _merged = new(
        StringComparer.Ordinal
    );
    private readonly List<string> _sources = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _including = [];
    private long _bytes;

    /// <summary>Paths of the files that were read.</summary>
    public IReadOnlyList<string> Sources => _sources;

    public MappingNode ReadFile(string path)
    {
        Attempt(() => AddFile(path, null));
        return Merge(path);
    }

    public MappingNode ReadText(ReadOnlyMemory<byte> text, string name, ConfigurationFormat format)
    {
        Attempt(() =>
        {
            if (text.Length > limits.Bytes)
            {
                throw TooLarge(new(name, 1, 1));
            }

            Add(Parse(SourceText.From(name, text), format), null);
        });
        return Merge(name);
    }

    /// <summary>Reads a text as the object of that kind and name, which it would be in a whole configuration.</summary>
    public MappingNode ReadObject(
        string kind,
        string name,
        ReadOnlyMemory<byte> text,
        string source,
        ConfigurationFormat format
    )
    {
        var at = new SourcePosition(source, 1, 1);
        var entries = new List<MappingEntry>();
        Attempt(() =>
        {
            if (text.Length > limits.Bytes)
            {
                throw TooLarge(at);
            }

            var node = Parse(SourceText.From(source, text), format);
            if (node is null or ScalarNode { IsNull: true })
            {
                throw new NodeException(at, "found nothing", "an object");
            }

            entries.Add(new(name, at, node));
        });
        return new([new(kind, at, new MappingNode(entries, at))], at);
    }

    private void AddFile(string path, SourcePosition? from)
    {
        var fullPath = Path.GetFullPath(path);
        if (_including.Contains(fullPath))
        {
            var circle = _including
                .SkipWhile(file => file != fullPath)
                .Append(fullPath)
                .Select(file => Path.GetFileName(file));
            throw Refused(from, $"files include each other in a circle: {string.Join(" -> ", circle)}");
        }

        if (!_seen.Add(fullPath))
        {
            return;
        }

        if (_including.Count > limits.IncludeDepth || _sources.Count == limits.Files)
        {
            throw Refused(
                from,
                $"more than {limits.Files} files, or files that include each other more than {limits.IncludeDepth} deep"
            );
        }

        var source = SourceText.From(path, ReadBytes(path, from));
        _sources.Add(path);
        _including.Add(fullPath);
        var isJson = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        Attempt(() => Add(Parse(source, isJson ? ConfigurationFormat.Json : ConfigurationFormat.Yaml), path));
        _including.RemoveAt(_including.Count - 1);
    }

    private byte[] ReadBytes(string path, SourcePosition? from)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var copy = new MemoryStream();
            var chunk = new byte[81920];
            int count;
            while ((count = stream.Read(chunk)) > 0)
            {
                _bytes += count;
                if (_bytes > limits.Bytes)
                {
                    throw TooLarge(from ?? new(path, 1, 1));
                }

                copy.Write(chunk, 0, count);
            }

            return copy.ToArray();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Refused(from, $"cannot read '{path}': {Reason(exception)}");
        }
    }

    private ConfigNode? Parse(SourceText source, ConfigurationFormat format) =>
        format == ConfigurationFormat.Json
            ? JsonReader.Read(source, _budget, _expansion, problems)
            : YamlReader.Read(source, _budget, _expansion, problems);

    private void Add(ConfigNode? root, string? path)
    {
        if (root is null or ScalarNode { IsNull: true })
        {
            return;
        }

        if (root is not MappingNode mapping)
        {
            throw new NodeException(root.Position, $"found {root.Found}", "an object with services, upstreams, ...");
        }

        foreach (var entry in mapping.Entries)
        {
            if (entry.Key == IncludeKey)
            {
                continue;
            }

            if (mergedKeys.Contains(entry.Key) && entry.Value is MappingNode named)
            {
                MergeNamed(entry, named);
            }
            else
            {
                _entries.Add(entry);
            }
        }

        if (mapping.Find(IncludeKey) is { } include)
        {
            Include(include.Value, path);
        }
    }

    private void MergeNamed(MappingEntry entry, MappingNode named)
    {
        if (!_merged.TryGetValue(entry.Key, out var whole))
        {
            _merged[entry.Key] = whole = (entry.KeyPosition, new EntryList(problems));
        }

        foreach (var item in named.Entries)
        {
            whole.Entries.Add(item);
        }
    }

    private void Include(ConfigNode node, string? path)
    {
        foreach (var item in node is SequenceNode list ? list.Items : [node])
        {
            Attempt(() =>
            {
                if (item is not ScalarNode { IsNull: false } scalar || scalar.Text.Contains('\0'))
                {
                    throw new NodeException(
                        item.Position,
                        $"found {item.Found} to include",
                        "a path, or a list of paths"
                    );
                }

                if (path is null)
                {
                    throw new NodeException(item.Position, "only a file can include others");
                }

                var target = Path.Combine(Path.GetDirectoryName(path) ?? "", scalar.Text);
                foreach (var file in FilePattern.IsPattern(target) ? FilePattern.Expand(target) : [target])
                {
                    AddFile(file, item.Position);
                }
            });
        }
    }

    private MappingNode Merge(string name)
    {
        foreach (var (key, (position, entries)) in _merged)
        {
            _entries.Add(new(key, position, new MappingNode(entries.ToList(), position)));
        }

        return new(_entries.ToList(), new(name, 1, 1));
    }

    // What is wrong with one file does not hide what is wrong with the next.
    private void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (NodeException exception)
        {
            problems.Add(exception.Problem);
        }
    }

    private NodeException TooLarge(SourcePosition position) =>
        new(position, $"more than {limits.Bytes >> 20} MiB of configuration");

    private static NodeException Refused(SourcePosition? from, string message) =>
        new(new Problem { Position = from, Message = message });

    private static string Reason(Exception exception) =>
        exception switch
        {
            FileNotFoundException or DirectoryNotFoundException => "it does not exist",
            UnauthorizedAccessException => "access is denied, or it is a folder",
            _ => new StringBuilder(exception.Message).Replace('\n', ' ').ToString().TrimEnd('.'),
        };
}

using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>All that one source brings.</summary>
internal sealed class Contribution
{
    private readonly Dictionary<ObjectKey, Entry> _byKey;

    private Contribution(Source source, Snapshot content, Dictionary<ObjectKey, Entry> byKey, Items<Entry> entries) =>
        (Source, Content, _byKey, Entries) = (source, content, byKey, entries);

    public Source Source { get; }

    public Snapshot Content { get; }

    /// <summary>Kind by kind, each in the order of the source.</summary>
    public Items<Entry> Entries { get; }

    public bool IsNothing => Content.Equals(Snapshot.Empty);

    public static Contribution Nothing(Source source) => new(source, Snapshot.Empty, [], []);

    /// <summary>What the source brings from now on. Equal objects stay the same, with their entries.</summary>
    /// <param name="now">The number of this change.</param>
    public Contribution Replaced(Snapshot content, long now)
    {
        content = SnapshotSettling.Settle(Content, content);
        if (ReferenceEquals(content, Content))
        {
            return this;
        }

        var byKey = new Dictionary<ObjectKey, Entry>();
        var entries = new List<Entry>();
        foreach (var section in SnapshotSection.All)
        {
            foreach (var item in section.Of(content))
            {
                var key = new ObjectKey(section.Key, item.Name);
                var former = _byKey.GetValueOrDefault(key);
                var entry = ReferenceEquals(former?.Object, item)
                    ? former!
                    : new Entry(Source, section, item, former?.Since ?? now, null);
                if (byKey.TryAdd(key, entry))
                {
                    entries.Add(entry);
                }
            }
        }

        return new(Source, content, byKey, Items.From(entries));
    }

    /// <summary>The same, one of its objects refused or no longer refused; itself when it has no such object.</summary>
    public Contribution Refused(ObjectKey key, Problem? refusal)
    {
        if (!_byKey.TryGetValue(key, out var entry) || entry.Refusal == refusal)
        {
            return this;
        }

        var refused = entry.Refused(refusal);
        return new(
            Source,
            Content,
            new(_byKey) { [key] = refused },
            Items.From(Entries.Select(other => other == entry ? refused : other))
        );
    }
}

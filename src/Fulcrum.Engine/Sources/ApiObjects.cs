using Fulcrum.Configuration;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Keeping;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>What was made by the API has no file of its own: it is kept in the journal, object by object, as text.</summary>
public static class ApiObjects
{
    /// <summary>What the journal has to be told when one book takes the place of another.</summary>
    public static IEnumerable<JournalChange> Changes(SourceBook before, SourceBook after)
    {
        var (old, now) = (before.ContentOf(Source.Api), after.ContentOf(Source.Api));
        return ReferenceEquals(old, now)
            ? []
            : SnapshotSection.All.SelectMany(section => Written(section, old, now).Concat(Removed(section, old, now)));
    }

    /// <summary>What the journal held. An object that cannot be read is left where it is and said.</summary>
    public static (Snapshot Content, Items<string> Problems) Read(Map<string, string> texts)
    {
        var content = Snapshot.Empty;
        var problems = new List<string>();
        foreach (var (key, text) in texts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var read = SnapshotLoader.Parse(text, key, ConfigurationFormat.Json, LoadOptions.Part);
            if (read.Snapshot is { } part)
            {
                content = SnapshotSection
                    .All.SelectMany(section => section.Of(part))
                    .Aggregate(content, (whole, item) => SnapshotSection.KindOf(item).With(whole, item));
            }
            else
            {
                problems.AddRange(read.Problems.Select(problem => $"left out what the API made: {problem}"));
            }
        }

        return (content, Items.From(problems));
    }

    private static IEnumerable<JournalChange> Written(SnapshotSection section, Snapshot old, Snapshot now) =>
        section
            .Of(now)
            .Where(item => !ReferenceEquals(section.Find(old, item.Name), item))
            .Select(item => Change(section, item, SnapshotWriter.ToJson(section.With(Snapshot.Empty, item))));

    private static IEnumerable<JournalChange> Removed(SnapshotSection section, Snapshot old, Snapshot now) =>
        section.Of(old).Where(item => section.Find(now, item.Name) is null).Select(item => Change(section, item, null));

    private static JournalChange Change(SnapshotSection section, INamed item, string? text) =>
        KeptState.Change(new ObjectKey(section.Key, item.Name).ToString(), text);
}

using Fulcrum.Configuration;
using Fulcrum.Engine.Journaling;
using Fulcrum.Model;
using Fulcrum.Model.Planning;

namespace Fulcrum.Engine.Keeping;

/// <summary>API-made objects as the journal holds them: each is a configuration of one object, in JSON.</summary>
internal static class KeptObjects
{
    private static readonly LoadOptions Fragment = new()
    {
        IsFragment = true,
        Environment = new Dictionary<string, string>(),
    };

    public static IEnumerable<JournalChange> Changes(Snapshot before, Snapshot after)
    {
        foreach (var section in ReferenceEquals(before, after) ? [] : SnapshotSection.All)
        {
            foreach (var item in section.Of(after))
            {
                if (!item.Equals(section.Find(before, item.Name)))
                {
                    var text = SnapshotWriter.ToJson(section.With(Snapshot.Empty, item));
                    yield return KeptState.Change($"{section.Key}/{item.Name}", text);
                }
            }

            foreach (var item in section.Of(before).Where(item => section.Find(after, item.Name) is null))
            {
                yield return KeptState.Change($"{section.Key}/{item.Name}", null);
            }
        }
    }

    /// <summary>All of them together, and sentences about those that are not understood.</summary>
    public static (Snapshot? Content, IReadOnlyList<string> Problems) Read(
        IEnumerable<KeyValuePair<string, string>> kept
    )
    {
        var content = Snapshot.Empty;
        var problems = new List<string>();
        foreach (var (name, text) in kept.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var loaded = SnapshotLoader.Parse(text, name, ConfigurationFormat.Json, Fragment);
            if (loaded.Snapshot is not { } one)
            {
                problems.AddRange(loaded.Problems.Select(problem => $"the journal's {problem}"));
                continue;
            }

            foreach (var section in SnapshotSection.All)
            {
                content = section.Of(one).Aggregate(content, section.With);
            }
        }

        return (content.Equals(Snapshot.Empty) ? null : content, problems);
    }
}

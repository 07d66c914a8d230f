using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>
/// Who brings what, put together into one snapshot in which each object has one owner (design law 5). Immutable: a
/// change gives another book, or is refused.
/// <para>
/// What a file or the API brings is taken whole or not at all. It must be valid without the live sources, for what
/// they bring may go at any time and cannot be refused to go. Live sources are taken object by object: who is
/// bad, or came after another who claims the same, is quarantined and comes in by itself once the cause is gone. Who
/// is in stays in: a newcomer never takes its name or its listener away.
/// </para>
/// </summary>
public sealed class SourceBook
{
    private readonly Items<Contribution> _contributions;
    private readonly IReadOnlyDictionary<ObjectKey, Entry> _in;
    private readonly long _changes;

    private SourceBook(
        Items<Contribution> contributions,
        IReadOnlyDictionary<ObjectKey, Entry> entries,
        Snapshot snapshot,
        Items<QuarantinedObject> quarantined,
        long changes
    )
    {
        _contributions = contributions;
        _in = entries;
        Snapshot = snapshot;
        Quarantined = quarantined;
        _changes = changes;
    }

    public static SourceBook Empty { get; } = new([], new Dictionary<ObjectKey, Entry>(), Snapshot.Empty, [], 0);

    /// <summary>All that is in: valid as a whole, and what did not change is the same object as in the book before.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>What live sources bring and is not in.</summary>
    public Items<QuarantinedObject> Quarantined { get; }

    /// <summary>All that bring something.</summary>
    public IEnumerable<Source> Sources => _contributions.Select(contribution => contribution.Source);

    /// <summary>Whose object it is; null: there is no such object.</summary>
    public Source? OwnerOf(string kind, string name) => _in.GetValueOrDefault(new(kind, name))?.Source;

    /// <summary>What this source brings, quarantined or not.</summary>
    public Snapshot ContentOf(Source source) => BroughtBy(source).Content;

    /// <summary>All that a file or the API brings from now on.</summary>
    public BookResult Replace(Source source, Snapshot content)
    {
        if (source.IsLive)
        {
            throw new ArgumentException("A live source is never refused.", nameof(source));
        }

        var former = BroughtBy(source);
        var contribution = former.Replaced(content, _changes + 1);
        if (ReferenceEquals(contribution, former))
        {
            return new(this, []);
        }

        var findings = Refusals.BeforeMerging(_contributions, contribution, _in);
        if (findings.Count == 0)
        {
            var merge = MergeOf(contribution);
            findings = Refusals.OfDisplacing(_in, merge, contribution);
            if (findings.Count == 0)
            {
                return new(With(merge), []);
            }
        }

        return new(null, Items.From(findings));
    }

    /// <summary>All that a live source brings from now on.</summary>
    public SourceBook ReplaceLive(Source source, Snapshot content)
    {
        if (!source.IsLive)
        {
            throw new ArgumentException("A file and the API are taken whole or not at all.", nameof(source));
        }

        return With(BroughtBy(source).Replaced(content, _changes + 1));
    }

    /// <summary>A transaction of the API over its own objects: all of it, or nothing.</summary>
    public BookResult ChangeApi(IEnumerable<ObjectChange> changes)
    {
        var content = ContentOf(Source.Api);
        var findings = new List<Finding>();
        var isOutrun = false;
        foreach (var change in changes)
        {
            var (key, item) = change;
            if (SnapshotSection.Find(key.Kind) is not { } section)
            {
                findings.Add(Entry.ErrorAt(key, "there is no such kind of objects"));
            }
            else if (OwnerOf(key.Kind, key.Name) is { } owner && owner != Source.Api)
            {
                findings.Add(Entry.ErrorAt(key, $"belongs to {owner}"));
            }
            else if (change.IsGuarded && !ReferenceEquals(section.Find(content, key.Name), change.Before))
            {
                isOutrun = true;
                findings.Add(Entry.ErrorAt(key, "was changed by somebody else in the meantime"));
            }
            else if (item is not null)
            {
                content = section.With(content, item);
            }
            else if (section.Find(content, key.Name) is null)
            {
                findings.Add(Entry.ErrorAt(key, "there is no such object"));
            }
            else
            {
                content = section.Without(content, key.Name);
            }
        }

        return findings.Count > 0
            ? new(null, Items.From(findings)) { IsOutrun = isOutrun }
            : Replace(Source.Api, content);
    }

    /// <summary>Takes out an object of a live source that could not be carried out, until it changes or is retried.</summary>
    public SourceBook Quarantine(Source source, string kind, string name, Problem problem) =>
        Judge(source, new(kind, name), problem);

    /// <summary>Lets an object in again that was taken out.</summary>
    public SourceBook Retry(Source source, string kind, string name) => Judge(source, new(kind, name), null);

    /// <summary>
    /// What the API made before a restart. A file may have changed in the meantime, so that this once it is taken
    /// object by object: a few that have lost what they led to must not take all the others with them.
    /// </summary>
    /// <returns>The book with what could come in, and why the rest could not.</returns>
    public BookResult RestoreApi(Snapshot content)
    {
        var wanted = Contribution.Nothing(Source.Api).Replaced(content, _changes + 1);
        var (book, leftOut) = Merge.Restore(_contributions, wanted);
        var change = Replace(Source.Api, book);
        return new(change.Book ?? this, Items.From(leftOut.Concat(change.Findings)));
    }

    private SourceBook Judge(Source source, ObjectKey key, Problem? problem) =>
        source.IsLive
            ? With(BroughtBy(source).Refused(key, problem))
            : throw new ArgumentException("A file and the API are taken whole or not at all.", nameof(source));

    private Contribution BroughtBy(Source source) =>
        _contributions.FirstOrDefault(contribution => contribution.Source == source) ?? Contribution.Nothing(source);

    private SourceBook With(Contribution contribution)
    {
        var former = BroughtBy(contribution.Source);
        return ReferenceEquals(contribution, former) || (contribution.IsNothing && former.IsNothing)
            ? this
            : With(MergeOf(contribution));
    }

    private SourceBook With(Merge merge) =>
        new(
            merge.Contributions,
            merge.In,
            SnapshotSettling.Settle(Snapshot, merge.Snapshot),
            merge.Quarantined,
            _changes + 1
        );

    private Merge MergeOf(Contribution contribution) =>
        Merge.Of(
            Items.From(
                _contributions
                    .Where(other => other.Source != contribution.Source)
                    .Append(contribution)
                    .Where(other => !other.IsNothing)
                    .OrderBy(other => other.Source.Kind)
                    .ThenBy(other => other.Source.Name, StringComparer.Ordinal)
            ),
            _in
        );
}

using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>What comes of all contributions together: who is in, and what that makes.</summary>
internal sealed class Merge
{
    private readonly Admittance _admittance;

    private Merge(Items<Contribution> contributions, Admittance admittance) =>
        (Contributions, _admittance) = (contributions, admittance);

    public Items<Contribution> Contributions { get; }

    public IReadOnlyDictionary<ObjectKey, Entry> In => _admittance.In;

    /// <summary>Who is not in, and why.</summary>
    public IReadOnlyDictionary<Entry, Items<Finding>> Out => _admittance.Out;

    /// <summary>Source by source, each in its own order: it does not matter who came first.</summary>
    public Snapshot Snapshot => Whole(Contributions, IsIn);

    public Items<QuarantinedObject> Quarantined =>
        Items.From(Contributions.Where(contribution => contribution.Source.IsLive).SelectMany(QuarantinedOf));

    /// <param name="before">Who was in: nobody takes anything away from them.</param>
    public static Merge Of(Items<Contribution> contributions, IReadOnlyDictionary<ObjectKey, Entry> before)
    {
        var firm = contributions.Where(contribution => !contribution.Source.IsLive).ToList();
        var candidates = contributions
            .Where(contribution => contribution.Source.IsLive)
            .SelectMany(contribution => contribution.Entries)
            .Where(entry => entry.Refusal is null && !FileOnly.Holds(entry))
            .ToLookup(entry => before.GetValueOrDefault(entry.Key)?.Source == entry.Source);
        // What an object adds to itself does not go before what others have.
        var standing = candidates[true].OrderBy(entry => before[entry.Key] == entry ? 0 : 1);
        var others = candidates[false]
            .OrderBy(entry => entry.Since)
            .ThenBy(entry => entry.Object.Name, StringComparer.Ordinal);
        var entries = firm.SelectMany(contribution => contribution.Entries);
        return new(contributions, Admittance.Run(Whole(firm), entries, [.. standing], [.. others]));
    }

    /// <summary>As much of it as can be beside what files bring, and why not the rest.</summary>
    public static (Snapshot Content, IEnumerable<Finding> LeftOut) Restore(
        Items<Contribution> contributions,
        Contribution wanted
    )
    {
        var files = contributions.Where(contribution => contribution.Source.Kind == SourceKind.File).ToList();
        var entries = files.SelectMany(contribution => contribution.Entries);
        var others = wanted.Entries.Where(entry => !FileOnly.Holds(entry)).ToList();
        var admittance = Admittance.Run(Whole(files), entries, [], others);
        var content = With(Snapshot.Empty, others.Where(entry => !admittance.Out.ContainsKey(entry)));
        return (content, admittance.Out.Values.SelectMany(findings => findings));
    }

    /// <summary>All of these contributions, or what the filter lets pass.</summary>
    public static Snapshot Whole(IEnumerable<Contribution> contributions, Func<Entry, bool>? isIn = null)
    {
        var whole = Snapshot.Empty;
        var kinds = SnapshotSection.All.ToDictionary(section => section, _ => new List<INamed>());
        foreach (var contribution in contributions)
        {
            if (contribution.Source.Kind == SourceKind.File)
            {
                foreach (var single in SnapshotSingle.All.Where(single => single.IsSet(contribution.Content)))
                {
                    whole = single.With(whole, contribution.Content);
                }
            }

            foreach (var entry in contribution.Entries)
            {
                if (isIn is null || isIn(entry))
                {
                    kinds[entry.Section].Add(entry.Object);
                }
            }
        }

        foreach (var (section, items) in kinds)
        {
            whole = section.WithAll(whole, items);
        }

        return whole;
    }

    /// <summary>The snapshot and these beside it.</summary>
    public static Snapshot With(Snapshot whole, IEnumerable<Entry> entries)
    {
        foreach (var kind in entries.GroupBy(entry => entry.Section))
        {
            whole = kind.Key.WithAll(whole, kind.Key.Of(whole).Concat(kind.Select(entry => entry.Object)));
        }

        return whole;
    }

    private bool IsIn(Entry entry) => _admittance.In.GetValueOrDefault(entry.Key) == entry;

    private IEnumerable<QuarantinedObject> QuarantinedOf(Contribution contribution) =>
        FileOnly
            .Broken(contribution.Source, contribution.Content)
            .Select(finding => Quarantine(contribution.Source, new(finding.Path.Segments[0].Key!, ""), [finding]))
            .Concat(contribution.Entries.Select(Quarantine).OfType<QuarantinedObject>());

    private QuarantinedObject? Quarantine(Entry entry) =>
        entry.Refusal is { } refusal ? new(entry.Source, entry.Key, [refusal])
        : Out.TryGetValue(entry, out var findings) ? Quarantine(entry.Source, entry.Key, findings)
        : null;

    private static QuarantinedObject Quarantine(Source source, ObjectKey key, Items<Finding> findings) =>
        new(source, key, Items.From(findings.Select(finding => finding.ToProblem(null))));
}

using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>Why a file or a transaction of the API is not taken.</summary>
internal static class Refusals
{
    /// <summary>What is wrong with it beside what others bring whole, and with what it would take from others by name.</summary>
    public static List<Finding> BeforeMerging(
        Items<Contribution> contributions,
        Contribution contribution,
        IReadOnlyDictionary<ObjectKey, Entry> present
    )
    {
        var files = contributions.Where(other => other.Source.Kind == SourceKind.File);
        List<Finding> findings =
        [
            .. FileOnly.Broken(contribution.Source, contribution.Content),
            .. files.Where(file => file.Source != contribution.Source).SelectMany(file => Shared(contribution, file)),
            .. contribution.Entries.SelectMany(entry => Owned(entry, present)),
        ];
        return findings.Count > 0 ? findings : Invalid(contributions, contribution, present);
    }

    /// <summary>What it would take from objects of live sources that have it: those were first.</summary>
    public static List<Finding> OfDisplacing(
        IReadOnlyDictionary<ObjectKey, Entry> before,
        Merge after,
        Contribution contribution
    )
    {
        var findings = new List<Finding>();
        foreach (var (entry, errors) in after.Out)
        {
            if (before.GetValueOrDefault(entry.Key) == entry && errors.All(error => RivalOf(error) is not null))
            {
                findings.AddRange(errors.SelectMany(error => Turned(entry, RivalOf(error)!)));
            }
        }

        return findings;

        Entry? RivalOf(Finding error) =>
            error.Rival is { } name
            && after.In.GetValueOrDefault(new(Admittance.KeyOf(error)!.Value.Kind, name)) is { } rival
            && rival.Source == contribution.Source
                ? rival
                : null;
    }

    private static IEnumerable<Finding> Shared(Contribution contribution, Contribution file) =>
        SnapshotSingle
            .All.Where(single => single.IsSet(contribution.Content) && single.IsSet(file.Content))
            .Select(single => Entry.ErrorAt(new(single.Key, ""), $"belongs to {file.Source}"));

    private static IEnumerable<Finding> Owned(Entry entry, IReadOnlyDictionary<ObjectKey, Entry> present) =>
        present.GetValueOrDefault(entry.Key) is { } owner && owner.Source != entry.Source
            ? [entry.Error($"belongs to {owner.Source}")]
            : [];

    private static List<Finding> Invalid(
        Items<Contribution> contributions,
        Contribution contribution,
        IReadOnlyDictionary<ObjectKey, Entry> present
    )
    {
        // What is new stands last, so that it is told of what it has in common with what is there.
        var firm = contributions
            .Where(other => !other.Source.IsLive && other.Source != contribution.Source)
            .Append(contribution)
            .ToList();
        var whole = Merge.Whole(firm);
        var errors = Errors(whole);
        if (errors.Count == 0)
        {
            return errors;
        }

        var owners = firm.SelectMany(other => other.Entries).ToDictionary(entry => entry.Key, entry => entry.Source);
        var withLive = Errors(Merge.With(whole, present.Values.Where(entry => entry.Source.IsLive)))
            .Select(Bare)
            .ToHashSet();
        return [.. errors.Select(Explained)];

        Finding Explained(Finding error)
        {
            if (!withLive.Contains(Bare(error)))
            {
                error = error with
                {
                    Message = $"{error.Message} but what a live source brings, and that may go at any time",
                };
            }

            if (Admittance.KeyOf(error) is not { } key || !owners.TryGetValue(key, out var owner))
            {
                return error;
            }

            return owner != contribution.Source ? error with { Message = $"{error.Message}; {key} belongs to {owner}" }
                : error.Rival is { } name && owners[key with { Name = name }] is var other && other != owner
                    ? Admittance.OfRival(error, other)
                : error;
        }
    }

    // What was probably meant depends on who else is there.
    private static Finding Bare(Finding error) => error with { Suggestion = null };

    // The rule names who came later in the snapshot; here that is to be who came later in time.
    private static IEnumerable<Finding> Turned(Entry first, Entry second) =>
        Errors(first.Section.WithAll(Snapshot.Empty, [first.Object, second.Object]))
            .Where(error => error.Rival == first.Object.Name && Admittance.KeyOf(error) == second.Key)
            .Select(error => Admittance.OfRival(error, first.Source));

    private static List<Finding> Errors(Snapshot snapshot) =>
        [.. SnapshotValidator.Validate(snapshot).Where(finding => finding.Severity == Severity.Error)];
}

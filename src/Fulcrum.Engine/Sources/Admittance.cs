using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>
/// Decides which objects of live sources get in. They come in an order of precedence, and each gets in that is valid
/// beside what is in already: so of two that claim the same the first has it, and what leads to an object that is not
/// in is not in either.
/// <para>
/// Asking the validator about each object for itself would take a walk over the whole for each. So all that wait are
/// laid beside what is in at once, under names that nobody leads to: what the validator then finds about one of them is
/// what it would find if that one came in alone, except that a claim may be held against it by another that waits. Who
/// has no finding comes in; and as long as somebody does, the others are asked again.
/// </para>
/// </summary>
internal sealed class Admittance
{
    private readonly Dictionary<ObjectKey, Entry> _in;
    private readonly Dictionary<Entry, Items<Finding>> _out = [];
    private readonly HashSet<Entry> _aside = [];
    private Snapshot _whole;

    private Admittance(Snapshot firm, IEnumerable<Entry> entries)
    {
        _whole = firm;
        _in = entries.ToDictionary(entry => entry.Key);
    }

    public IReadOnlyDictionary<ObjectKey, Entry> In => _in;

    /// <summary>Who did not get in, and why.</summary>
    public IReadOnlyDictionary<Entry, Items<Finding>> Out => _out;

    /// <param name="firm">What is in whatever happens, valid by itself.</param>
    /// <param name="entries">The objects of that.</param>
    /// <param name="standing">Who was in until now: most likely still good together.</param>
    /// <param name="others">Who comes after them, in the order of precedence.</param>
    public static Admittance Run(Snapshot firm, IEnumerable<Entry> entries, List<Entry> standing, List<Entry> others)
    {
        var admittance = new Admittance(firm, entries);
        var waiting = admittance.TryTogether(standing) ? others : [.. standing, .. others];
        while (waiting.Count > 0)
        {
            waiting = admittance.Ask(waiting);
        }

        if (admittance._out.Count > 0)
        {
            admittance.Explain();
        }

        return admittance;
    }

    /// <summary>The object that a finding is about; null when it is about none.</summary>
    public static ObjectKey? KeyOf(Finding finding) =>
        finding.Path.Segments is [{ Key: { } kind }, { Key: { } name }, ..] ? new(kind, name) : null;

    /// <summary>Adds whose the rival is: messages about rivals end with their names.</summary>
    public static Finding OfRival(Finding finding, Source owner) =>
        finding with
        {
            Message = $"{finding.Message} of {owner}",
        };

    private bool TryTogether(List<Entry> standing)
    {
        if (standing.Exists(entry => _in.ContainsKey(entry.Key)))
        {
            return false;
        }

        var whole = Merge.With(_whole, standing);
        if (SnapshotValidator.Validate(whole, suggest: false).Any(finding => finding.Severity == Severity.Error))
        {
            return false;
        }

        Enter(standing, whole);
        return true;
    }

    // One round: gives back who still waits; nobody when it makes no sense to ask any of them again.
    private List<Entry> Ask(List<Entry> waiting)
    {
        var asked = waiting.Where(entry => !_aside.Contains(entry)).ToList();
        if (asked.Count == 0)
        {
            return [];
        }

        var hearing = Hearing.Of(_whole, asked);
        var (good, gone, aside) = (new List<Entry>(), new HashSet<Entry>(), _aside.Count);
        var names = new HashSet<ObjectKey>();
        foreach (var entry in asked)
        {
            var isFirst = names.Add(entry.Key);
            var errors = ErrorsOf(entry, hearing);
            if (errors.Count > 0)
            {
                // Who is in stays in, so what is lost to them is lost for good; all else may still change.
                _out[entry] = Items.From(errors);
                (errors.Exists(error => error.Rival is not null) ? gone : _aside).Add(entry);
            }
            else if (isFirst && hearing.IsFlawless(entry))
            {
                good.Add(entry);
            }
        }

        if (good.Count == 0 && gone.Count == 0 && _aside.Count == aside)
        {
            // Errors that lead to nobody: whoever came last is taken to have brought them.
            _out[asked[^1]] = Items.From(hearing.Errors);
            gone.Add(asked[^1]);
        }

        if (good.Count > 0)
        {
            Enter(good, Merge.With(_whole, good));
            _aside.Clear();
        }

        gone.UnionWith(good);
        return [.. waiting.Where(entry => !gone.Contains(entry))];
    }

    // Who was lost early was told of what may have changed since.
    private void Explain()
    {
        var hearing = Hearing.Of(_whole, _out.Keys);
        foreach (var entry in _out.Keys.ToList())
        {
            var errors = ErrorsOf(entry, hearing);
            _out[entry] = errors.Count > 0 ? Items.From(errors) : _out[entry];
        }
    }

    private void Enter(List<Entry> entries, Snapshot whole)
    {
        _whole = whole;
        foreach (var entry in entries)
        {
            _in.Add(entry.Key, entry);
            _out.Remove(entry);
        }
    }

    // What speaks against it whatever becomes of the others that wait.
    private List<Finding> ErrorsOf(Entry entry, Hearing hearing) =>
        _in.TryGetValue(entry.Key, out var owner)
            ? [entry.Error($"belongs to {owner.Source}") with { Rival = entry.Object.Name }]
            :
            [
                .. hearing
                    .ErrorsOf(entry)
                    .Select(error =>
                        error.Rival is { } rival && _in.TryGetValue(entry.Key with { Name = rival }, out var other)
                            ? OfRival(error, other.Source)
                            : error
                    ),
            ];
}

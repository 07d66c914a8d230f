using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Sources;

/// <summary>What the validator says of objects that wait, each beside what is in.</summary>
internal sealed class Hearing
{
    /// <summary>No name holds it, so nobody leads to a name that has it.</summary>
    private const char Mark = '~';

    private readonly Dictionary<ObjectKey, Entry> _aliases = [];
    private readonly Dictionary<Entry, List<Finding>> _found = [];
    private bool _hasStrays;

    public IReadOnlyList<Finding> Errors { get; private set; } = [];

    public static Hearing Of(Snapshot whole, IEnumerable<Entry> asked)
    {
        var hearing = new Hearing();
        var items = new List<(Entry Entry, INamed Alias)>();
        foreach (var entry in asked)
        {
            var alias = $"{entry.Object.Name}{Mark}{items.Count}";
            hearing._aliases.Add(entry.Key with { Name = alias }, entry);
            items.Add((entry, entry.Section.Renamed(entry.Object, alias)));
        }

        foreach (var kind in items.GroupBy(item => item.Entry.Section))
        {
            whole = kind.Key.WithAll(whole, kind.Key.Of(whole).Concat(kind.Select(item => item.Alias)));
        }

        hearing.Sort(SnapshotValidator.Validate(whole, suggest: false));
        return hearing;
    }

    /// <summary>What speaks against it whatever becomes of the others that were asked.</summary>
    public IEnumerable<Finding> ErrorsOf(Entry entry) =>
        _found.TryGetValue(entry, out var found) ? found.Where(error => error.Rival?.Contains(Mark) != true) : [];

    /// <summary>Nothing speaks against it, and everything that was found speaks against somebody else.</summary>
    public bool IsFlawless(Entry entry) => !_hasStrays && !_found.ContainsKey(entry);

    private void Sort(IReadOnlyList<Finding> findings)
    {
        Errors = [.. findings.Where(finding => finding.Severity == Severity.Error)];
        foreach (var error in Errors)
        {
            if (Admittance.KeyOf(error) is { } key && _aliases.TryGetValue(key, out var entry))
            {
                var named = error with { Path = new(Items.From(Named(error.Path.Segments, entry))) };
                (_found.TryGetValue(entry, out var list) ? list : _found[entry] = []).Add(named);
            }
            else
            {
                _hasStrays = true;
            }
        }
    }

    private static IEnumerable<PathSegment> Named(Items<PathSegment> path, Entry entry) =>
        path.Select((segment, i) => i == 1 ? new(entry.Object.Name, 0) : segment);
}

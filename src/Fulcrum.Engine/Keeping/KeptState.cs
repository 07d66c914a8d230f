using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Journaling;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Keeping;

/// <summary>
/// What outlives a restart, in the words of the journal: <c>override/KIND/NAME</c>, <c>number/KIND/OWNER</c>,
/// <c>object/KIND/NAME</c>. An entry that this version cannot read is left where it is and said.
/// </summary>
internal sealed record KeptState
{
    private const string OverridePrefix = "override/";
    private const string NumberPrefix = "number/";
    private const string ObjectPrefix = "object/";

    public Map<OverrideTarget, Override> Overrides { get; init; } = Map<OverrideTarget, Override>.Empty;

    public Ledger Ledger { get; init; } = Ledger.Empty;

    /// <summary>API-made objects, as texts of the language by <c>KIND/NAME</c>.</summary>
    public Map<string, string> Objects { get; init; } = Map<string, string>.Empty;

    /// <summary>Sentences about what could not be read.</summary>
    public Items<string> Problems { get; init; }

    /// <param name="now">When nobody has a number yet: it rests from then on, until its owner asks for it.</param>
    public static KeptState From(Map<string, string> entries, DateTimeOffset now)
    {
        var overrides = Map<OverrideTarget, Override>.Empty;
        var ledger = Ledger.Empty;
        var objects = Map<string, string>.Empty;
        var problems = new List<string>();
        foreach (var (key, value) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (key.StartsWith(ObjectPrefix, StringComparison.Ordinal))
            {
                objects = objects.With(key[ObjectPrefix.Length..], value);
            }
            else if (
                key.StartsWith(OverridePrefix, StringComparison.Ordinal)
                && KeptOverride.Read(key[OverridePrefix.Length..], value) is { } decision
            )
            {
                overrides = overrides.With(decision.Target, decision);
            }
            else if (
                key.StartsWith(NumberPrefix, StringComparison.Ordinal)
                && KeptNumber.Read(key[NumberPrefix.Length..], value) is var (owner, entry)
            )
            {
                ledger = ledger.Adopt(owner, entry.Value, entry.FreedAt ?? now);
            }
            else
            {
                problems.Add($"the journal's entry {key} is not understood, and left as it is");
            }
        }

        return new()
        {
            Overrides = overrides,
            Ledger = ledger,
            Objects = objects,
            Problems = Items.From(problems),
        };
    }

    /// <summary>What the journal has to be told when an operator decides; null: takes a decision back.</summary>
    public static JournalChange Change(OverrideTarget target, Override? decision) =>
        new(OverridePrefix + target, decision is null ? null : KeptOverride.Write(decision));

    public static JournalChange Change(string apiObject, string? text) => new(ObjectPrefix + apiObject, text);

    public static IEnumerable<JournalChange> Changes(Ledger before, Ledger after) =>
        after
            .Entries.ChangesSince(before.Entries)
            .Select(change => new JournalChange(
                NumberPrefix + KeptNumber.KeyOf(change.Key),
                change.After is { } entry ? KeptNumber.Write(entry) : null
            ));
}

using Fulcrum.Balancing.Hashing;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Numbers;

/// <summary>The numbers of one kind: who holds which, which was never given, which rest. Immutable.</summary>
/// <remarks>
/// A number that was never given comes before one that was, and of those the one that was freed first: a number
/// changes its owner as late as possible. Which was never given can be told from the entries alone, so a ledger that
/// was written down and adopted again goes on as if nothing had been.
/// </remarks>
internal sealed record NumberPool
{
    private NumberPool(NumberRange range) => (Range, Fresh) = (range, range.First);

    private NumberRange Range { get; }

    /// <summary>The lowest number that has no owner; past the range when each has one.</summary>
    private int Fresh { get; init; }

    /// <summary>Resting numbers included: they are still their last owner's.</summary>
    private Map<int, NumberKey> Owners { get; init; } = Map<int, NumberKey>.Empty;

    /// <summary>From when on the number of each of these may go to another.</summary>
    private Wakes<NumberKey> Resting { get; init; } = Wakes<NumberKey>.None;

    public static NumberPool Of(NumberKind kind) => new(NumberRange.Of(kind));

    /// <summary>It is in the range and nobody's.</summary>
    public bool CanGive(int value) => Range.Contains(value) && !Owners.ContainsKey(value);

    public NumberPool With(int value, NumberKey owner)
    {
        var owners = Owners.With(value, owner);
        var fresh = Fresh;
        while (fresh <= Range.Last && owners.ContainsKey(fresh))
        {
            fresh++;
        }

        return this with
        {
            Owners = owners,
            Fresh = fresh,
        };
    }

    /// <summary>The number may go to another at that time; null: it is in use.</summary>
    public NumberPool Rests(NumberKey owner, DateTimeOffset? until) =>
        this with
        {
            Resting = Resting.With(owner, until),
        };

    /// <summary>
    /// The number that its name alone leads to, if that is nobody's: so nodes that never heard of each other nearly always
    /// choose the same, whatever came and went on each of them.
    /// </summary>
    public int? Usual(NumberKey owner)
    {
        var count = (ulong)(Range.Last - Range.First + 1);
        var value = Range.First + (int)(StableHash.Of(owner.Owner) % count);
        return CanGive(value) ? value : null;
    }

    /// <summary>A number that never had an owner.</summary>
    public int? NeverGiven => Fresh <= Range.Last ? Fresh : null;

    /// <summary>The owner whose number has rested longest, and long enough.</summary>
    public NumberKey? Rested(DateTimeOffset now) => Resting.DueBy(now).FirstOrDefault();
}

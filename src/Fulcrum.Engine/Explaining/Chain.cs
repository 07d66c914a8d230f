using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

/// <summary>
/// Follows an effect to its causes. What was asked for is shown with all its parts, what lies below it only with those
/// that are not as they should be. Nothing is told twice, so that causes which name each other come to an end.
/// </summary>
internal sealed class Chain(DerivedState state)
{
    private const int MaxDepth = 8;
    private const int MaxOfRoot = 50;
    private const int MaxBelow = 5;
    private const int MaxTold = 250;

    private readonly HashSet<Subject> _told = [];

    /// <summary>Null: there is no such thing.</summary>
    public Explanation? Follow(Subject subject) => Accounts.Of(state, subject) is { } account ? Tell(account, 0) : null;

    private Explanation Tell(Account account, int depth)
    {
        var explanation = new Explanation
        {
            Subject = account.Subject,
            State = account.State,
            Since = account.Since?.ToUniversalTime(),
        };
        if (!_told.Add(account.Subject))
        {
            return explanation with { IsAbove = true };
        }

        var next = Next(account, depth == 0);
        var limit =
            depth == MaxDepth || _told.Count >= MaxTold ? 0
            : depth == 0 ? MaxOfRoot
            : MaxBelow;
        return explanation with
        {
            Reasons = account.Reasons,
            Causes = Items.From(next.Take(limit).Select(cause => Tell(cause, depth + 1))),
            More = Math.Max(0, next.Count - limit),
        };
    }

    private Explanation Tell(Subject subject, int depth) =>
        Accounts.Of(state, subject) is { } account
            ? Tell(account, depth)
            : new() { Subject = subject, State = "not there any more" };

    private static List<Subject> Next(Account account, bool isRoot) =>
        [
            .. account
                .Causes.Concat(account.Parts.Where(part => part.IsTroubled).Select(part => part.Subject))
                .Concat(account.Parts.Where(part => isRoot && !part.IsTroubled).Select(part => part.Subject))
                .Distinct()
                .Where(subject => subject != account.Subject),
        ];
}

using System.Text;
using Fulcrum.Engine.Deriving;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Planning;

/// <summary>What would change, field by field, and what that means for those who are being served. Plain data.</summary>
public sealed record PlanReport(Items<PlannedChange> Changes, Items<Consequence> Consequences)
{
    public bool IsEmpty => Changes.IsEmpty && Consequences.IsEmpty;

    /// <summary>What it would mean if this were put in force now.</summary>
    public static PlanReport Of(DerivedState running, Snapshot next, DateTimeOffset now)
    {
        next = SnapshotSettling.Settle(running.Inputs.Snapshot, next);
        return Of(running, next, Deriver.Derive(running.Inputs with { Snapshot = next }, running, now));
    }

    /// <param name="running">What is in force.</param>
    /// <param name="next">What is to be, settled onto what is (see <see cref="SnapshotSettling"/>).</param>
    /// <param name="derivation">What would be decided first.</param>
    public static PlanReport Of(DerivedState running, Snapshot next, Derivation derivation)
    {
        var plan = SnapshotDiff.Between(running.Inputs.Snapshot, next);
        return new(
            Items.From(
                plan.Changes.Select(change => new PlannedChange(
                    change.Kind,
                    change.ObjectKind,
                    change.Name,
                    FieldComparison.Of(change, running.Inputs.Snapshot, next)
                ))
            ),
            Items.From(
                ServiceConsequences
                    .Of(plan, running, derivation.Next)
                    .Concat(BackendConsequences.Of(plan, running, derivation.Next))
                    .Concat(VipConsequences.Of(running, derivation.Next))
                    .Concat(AnnouncementConsequences.Of(running.Desired, derivation.Desired))
            )
        );
    }

    /// <summary>For a terminal.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var change in Changes)
        {
            text.Append(change).Append('\n');
            foreach (var field in change.Fields)
            {
                text.Append("    ").Append(field).Append('\n');
            }
        }

        foreach (var subject in Consequences.GroupBy(consequence => consequence.Subject))
        {
            text.Append('\n').Append(subject.Key).Append('\n');
            foreach (var (_, part, _, what) in subject)
            {
                text.Append("    ").Append(part is null ? "" : $"{part} ").Append(what).Append('\n');
            }
        }

        return text.Append(text.Length > 0 ? "\n" : "").Append(Summary()).Append('\n').ToString();
    }

    private string Summary() =>
        Changes.IsEmpty
            ? "nothing would change"
            : $"{Count(ChangeKind.Added)} to add, {Count(ChangeKind.Changed)} to change, {Count(ChangeKind.Removed)} to remove";

    private int Count(ChangeKind kind) => Changes.Count(change => change.Kind == kind);
}

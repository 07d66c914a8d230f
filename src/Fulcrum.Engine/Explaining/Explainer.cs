using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Validation;

namespace Fulcrum.Engine.Explaining;

/// <summary>
/// Answers why something is as it is. The reasons were made by the code that decided; here they are only put in order,
/// from the effect to its causes.
/// </summary>
public static class Explainer
{
    /// <summary>Null: there is no such thing.</summary>
    public static Explanation? Explain(DerivedState state, Subject subject) => new Chain(state).Follow(subject);

    /// <summary>What was probably meant; null: nothing is near.</summary>
    public static Subject? Suggest(DerivedState state, Subject subject)
    {
        var names = Subjects.Of(state, subject.Kind).Order(StringComparer.Ordinal).ToList();
        // A backend or a check without its upstream, or a name of another kind.
        var name =
            NearMiss.Of(subject.Name, names)
            ?? names.Find(name => name.EndsWith($"/{subject.Name}", StringComparison.Ordinal));
        return name is not null
            ? new(subject.Kind, name)
            : Enum.GetValues<SubjectKind>()
                .Select(kind => new Subject(kind, subject.Name))
                .FirstOrDefault(other => Accounts.Of(state, other) is not null);
    }
}

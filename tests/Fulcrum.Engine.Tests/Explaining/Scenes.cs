using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Tracing.Sites;

namespace Fulcrum.Engine.Tests.Explaining;

/// <summary>News for states that were decided, and short words for explanations.</summary>
internal static class Scenes
{
    public static DateTimeOffset Noon { get; } = new(2026, 5, 1, 14, 1, 7, TimeSpan.FromHours(2));

    public static Subject Subject(string text) =>
        Reasons.Subject.TryParse(text, out var subject) ? subject : throw new ArgumentException(text);

    public static Explanation Explain(this DerivedState state, string subject) =>
        Explainer.Explain(state, Subject(subject))!;

    /// <summary>The node of the tree that tells of the subject.</summary>
    public static Explanation Of(this Explanation explanation, string subject) =>
        explanation.All().First(one => one.Subject.ToString() == subject);

    public static IEnumerable<Explanation> All(this Explanation explanation) =>
        explanation.Causes.SelectMany(All).Prepend(explanation);

    public static IEnumerable<string> Subjects(this Explanation explanation) =>
        explanation.Causes.Select(cause => cause.Subject.ToString());

    /// <summary>Every probe of the address has found this.</summary>
    public static DerivedState WithHealth(this DerivedState state, string address, Verdict verdict, string reason)
    {
        var health = state.Inputs.Health;
        foreach (var task in state.Desired.Probes.Keys.Where(task => task.Address.Equals(IPAddress.Parse(address))))
        {
            health = health.With(task, new(verdict, Noon, reason, null));
        }

        return Derive(state.Inputs with { Health = health }, state);
    }

    public static DerivedState WithOverride(this DerivedState state, OverrideTargetKind kind, string name)
    {
        var decision = new Override
        {
            Target = new(kind, name),
            Action = OverrideAction.Drain,
            Owner = "alice",
            Reason = "maintenance",
            Since = Noon,
        };
        return Derive(state.Inputs with { Overrides = state.Inputs.Overrides.With(decision.Target, decision) }, state);
    }

    /// <summary>As if this had been decided about a vip.</summary>
    public static DerivedState WithVip(this DerivedState state, string name, VipState decided, Reason reason) =>
        state with
        {
            VipSection = state.VipSection with
            {
                Vips = state.VipSection.Vips.With(
                    name,
                    new()
                    {
                        Vip = new Vip
                        {
                            Name = name,
                            Addresses = [InterfaceAddress.Single(IPAddress.Parse("192.0.2.53"))],
                        },
                        State = decided,
                        Role = Role.Active,
                        Services = Items.From(state.Services.Keys.Order(StringComparer.Ordinal)),
                        Reason = reason,
                    }
                ),
            },
        };
}

using Fulcrum.Model.Access;
using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Access;

/// <summary>Who asks, and what they may do.</summary>
/// <param name="Name">For the audit and the history: <c>alice</c>, <c>token ci</c>.</param>
/// <param name="Role">The most they may do.</param>
/// <param name="Scope">Only objects with such labels; everything where it asks nothing.</param>
public sealed record Caller(string Name, AccessRole Role, Selector Scope)
{
    /// <summary>Whoever does not say who they are, where they need not.</summary>
    public static Caller Anonymous { get; } = new("anonymous", AccessRole.Reader, Selector.Everything);

    /// <summary>Only objects within their scope are theirs to see and to change.</summary>
    public bool Covers(Labels labels) => Scope.Matches(labels);

    /// <summary>All objects are, and what belongs to no object.</summary>
    public bool CoversAll => Scope.Terms.IsEmpty;
}

internal static class CallerExtensions
{
    /// <summary>Who asks; the gate has let them in.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("Nobody was let in.");
}

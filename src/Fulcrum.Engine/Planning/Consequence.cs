using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Planning;

/// <summary>What a change means for something that is in use.</summary>
/// <param name="Subject">For whom.</param>
/// <param name="Part">Which listener or address of it; null: the whole.</param>
/// <param name="Text">For people, without a full stop: "stays: keeps its connections".</param>
public sealed record Consequence(Subject Subject, string? Part, Effect Effect, string Text)
{
    public override string ToString() => $"{Subject}: {(Part is null ? "" : $"{Part} ")}{Text}";
}

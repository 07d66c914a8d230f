using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

/// <summary>What is known of one subject alone.</summary>
internal sealed record Account
{
    public required Subject Subject { get; init; }

    public required string State { get; init; }

    public DateTimeOffset? Since { get; init; }

    public Items<string> Reasons { get; init; }

    /// <summary>What its reasons name.</summary>
    public Items<Subject> Causes { get; init; }

    /// <summary>What it is made of, and operators' words about it.</summary>
    public Items<Part> Parts { get; init; }
}

/// <param name="Subject">Of which another is made.</param>
/// <param name="IsTroubled">It is not as it should be, so that it explains something.</param>
internal readonly record struct Part(Subject Subject, bool IsTroubled);

using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

/// <summary>How something is, why, and what that comes from: a tree from the effect to its causes.</summary>
public sealed record Explanation
{
    public required Subject Subject { get; init; }

    /// <summary>One or a few words: "unhealthy", "draining", "up".</summary>
    public required string State { get; init; }

    /// <summary>Since when it is so, where that is known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Sentences without a full stop, the one that decided first.</summary>
    public Items<string> Reasons { get; init; }

    /// <summary>The worst first.</summary>
    public Items<Explanation> Causes { get; init; }

    /// <summary>Causes that are not shown: an explanation of this subject alone has them.</summary>
    public int More { get; init; }

    /// <summary>It was explained in the same tree before; not again.</summary>
    public bool IsAbove { get; init; }

    /// <summary>An indented tree for a terminal.</summary>
    public string ToText()
    {
        var page = new Page();
        Write(page, 0);
        return page.ToString();
    }

    private void Write(Page page, int depth)
    {
        var indent = depth * 2;
        var since = Since is { } time ? $" since {Words.Of(time)}" : "";
        var why =
            IsAbove ? " (see above)"
            : Reasons.IsEmpty ? ""
            : $": {string.Join("; ", Reasons)}";
        page.Add(indent, $"{Subject} {State}{since}{why}");
        foreach (var cause in Causes)
        {
            cause.Write(page, depth + 1);
        }

        if (More > 0)
        {
            page.Add(indent + 2, $"and {More} more{(depth == 0 ? "" : $": fulcrum explain {Subject}")}");
        }
    }
}

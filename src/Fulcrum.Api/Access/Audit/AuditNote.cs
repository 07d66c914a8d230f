using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Access.Audit;

/// <summary>What becomes the audit's entry when the request has been answered.</summary>
internal sealed class AuditNote
{
    public required string Who { get; init; }

    public string? Role { get; init; }

    public required string From { get; init; }

    public required string Operation { get; init; }

    /// <summary>Nobody knows who it was: strangers can make any number of them.</summary>
    public bool IsStranger { get; init; }

    public string? Target { get; set; }

    public string? Before { get; set; }

    public string? After { get; set; }
}

internal static class AuditExtensions
{
    private const int Longest = 200;

    /// <summary>
    /// Says for the audit what a change was, in a few words; where the request is no change, nobody listens. What
    /// could be a secret must not stand there.
    /// </summary>
    public static void Audit(this HttpContext context, string? before, string? after, string? target = null)
    {
        if (context.Features.Get<AuditNote>() is { } note)
        {
            note.Before = Short(before);
            note.After = Short(after);
            note.Target = Short(target) ?? note.Target;
        }
    }

    internal static string? Short(string? text) =>
        text is null ? null : Answers.Shown(text.Length > Longest ? text[..Longest] : text);
}

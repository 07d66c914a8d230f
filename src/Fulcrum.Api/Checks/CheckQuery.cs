using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Ports;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Checks;

/// <summary>Which checks are asked for.</summary>
/// <param name="Name">A check, or the backend or upstream of several; null: all.</param>
/// <param name="Verdict">Only those with this verdict.</param>
/// <param name="Limit">So many at most.</param>
internal sealed record CheckQuery(string? Name, Verdict? Verdict, int Limit)
{
    private const int UsualLimit = 1000;
    private const int MostLimit = 10_000;

    /// <summary>Reads it from a request, or says why not.</summary>
    public static bool TryRead(
        HttpContext context,
        [NotNullWhen(true)] out CheckQuery? query,
        [NotNullWhen(false)] out string? why
    )
    {
        (query, why) = (null, null);
        if (
            !context.TryQuery("check", out var name)
            || !context.TryQuery("verdict", out var word)
            || !context.TryQuery("limit", out var number)
        )
        {
            why = "'check', 'verdict' and 'limit' may be there once each, and are not empty";
            return false;
        }

        Verdict? verdict = word switch
        {
            "healthy" => Engine.Ports.Verdict.Healthy,
            "unhealthy" => Engine.Ports.Verdict.Unhealthy,
            "unknown" => Engine.Ports.Verdict.Unknown,
            _ => null,
        };
        if (word is not null && verdict is null)
        {
            why = $"verdict '{word}' is not healthy, unhealthy or unknown";
            return false;
        }

        var limit = UsualLimit;
        if (
            number is not null
            && !(
                int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                && limit is >= 1 and <= MostLimit
            )
        )
        {
            why = $"limit '{number}' is no number from 1 to {MostLimit}";
            return false;
        }

        query = new(name, verdict, limit);
        return true;
    }
}

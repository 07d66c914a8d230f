using Microsoft.Net.Http.Headers;

namespace Fulcrum.Api.Metrics.Exposition;

/// <summary>
/// The two forms in which Prometheus and its like read metrics. They differ in little: OpenMetrics names the family of
/// a counter without <c>_total</c>, tells units, and ends with <c># EOF</c>.
/// </summary>
internal sealed record ExpositionFormat(string MediaType, bool IsOpenMetrics)
{
    private const string OpenType = "application/openmetrics-text";

    public static ExpositionFormat OpenMetrics { get; } = new($"{OpenType}; version=1.0.0; charset=utf-8", true);

    public static ExpositionFormat Prometheus { get; } = new("text/plain; version=0.0.4; charset=utf-8", false);

    /// <summary>
    /// By the request's Accept (RFC 9110 section 12.5.1). Who accepts neither gets the older form all the same: that is
    /// what a person with a browser can read.
    /// </summary>
    public static ExpositionFormat Choose(IList<string> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return Prometheus;
        }

        var (open, text) = (0.0, 0.0);
        foreach (var type in types)
        {
            var quality = type.Quality ?? 1;
            if (IsOpenType(type))
            {
                open = Math.Max(open, quality);
            }
            else if (type.MatchesMediaType("text/plain"))
            {
                text = Math.Max(text, quality);
            }
        }

        return open > 0 && open >= text ? OpenMetrics : Prometheus;
    }

    private static bool IsOpenType(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(OpenType, StringComparison.OrdinalIgnoreCase)
        && type.Parameters.All(parameter =>
            !parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(parameter.Value).Value is "1.0.0" or "0.0.1"
        );
}

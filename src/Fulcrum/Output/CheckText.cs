using System.Globalization;
using System.Text;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Lists;

namespace Fulcrum.Output;

/// <summary>Checks as people read them: a line each, or one with its last results.</summary>
/// <param name="now">What ages count from.</param>
internal sealed class CheckText(DateTimeOffset now)
{
    private const int LongestReason = 60;

    /// <summary>A line for each probe. What may be long comes last, so that the rest stays in its columns.</summary>
    public string Table(ListDocument<CheckDocument> document)
    {
        if (document.Items.Count == 0)
        {
            return "No checks.";
        }

        var table = new TextTable("CHECK", "TARGET", "VERDICT", "FOR", "LATENCY", "NEXT", "LAST");
        foreach (var check in document.Items)
        {
            table.Add(
                check.Checks.Count == 1 ? check.Checks[0] : $"{check.Checks[0]} (+{check.Checks.Count - 1})",
                check.Target,
                check.Verdict,
                check.Since is { } since ? Spans.Age(now - since) : "",
                check.Recent.Count > 0 ? Latency(check.Recent[0]) : "",
                Next(check),
                string.Join("; ", Notes(check).Prepend(Cut(Last(check))))
            );
        }

        var text = new StringBuilder();
        table.AppendTo(text, "");
        if (document.More > 0)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"and {document.More} more: name an upstream or a backend, or say --verdict\n"
            );
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>All that is known of it.</summary>
    public string Details(string name, CheckDocument check)
    {
        var text = new StringBuilder();
        var age = check.Since is { } since ? $" for {Spans.Age(now - since)}" : "";
        Append(text, $"{name}  {check.Verdict}{age}: {TextTable.Clean(check.Reason)}");
        Append(text, $"  {check.Kind} {check.Target}{(check.Via == "direct" ? "" : $", via {check.Via}")}");
        Append(
            text,
            $"  results: {check.Results}, alike in a row: {check.InARow}, changes of verdict: {check.Transitions}"
        );
        Append(text, $"  {(check.NextInMs is null ? check.Activity : $"asks again in {Next(check)}")}");
        if (check.Score is { } score)
        {
            Append(text, $"  score {score:0.##}");
        }

        if (check.GoodShare is { } share)
        {
            Append(text, $"  {share:0%} of the last results were good");
        }

        foreach (var note in Notes(check))
        {
            Append(text, $"  {TextTable.Clean(note)}");
        }

        foreach (var other in check.Checks.Where(other => other != name))
        {
            Append(text, $"  the same probe: {other}");
        }

        AppendRecent(text, check);
        return text.ToString().TrimEnd('\n');
    }

    private static void AppendRecent(StringBuilder text, CheckDocument check)
    {
        if (check.Recent.Count == 0)
        {
            return;
        }

        text.Append('\n');
        var table = new TextTable("AT", "RESULT", "CONNECT", "TLS", "ANSWER", "REASON");
        foreach (var result in check.Recent)
        {
            table.Add(
                result.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                result.Result,
                Phase(result.ConnectMs),
                Phase(result.TlsMs),
                Phase(result.AnswerMs),
                result.Reason
            );
        }

        table.AppendTo(text, "  ");
    }

    private static void Append(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Last(CheckDocument check) =>
        check.Recent.Count == 0 ? check.Reason
        : check.Recent[0].Result == "unclear" ? $"unclear: {check.Recent[0].Reason}"
        : check.Recent[0].Reason;

    private static string Cut(string text) =>
        text.Length <= LongestReason ? text : $"{text.AsSpan(0, LongestReason - 1)}…";

    private static string Next(CheckDocument check) =>
        check.NextInMs is { } next ? Spans.Short(Math.Max(0, next)) : check.Activity;

    private static IEnumerable<string> Notes(CheckDocument check)
    {
        if (check.Flapping)
        {
            yield return "flapping";
        }

        if (check.Warning is { } warning)
        {
            yield return warning;
        }
    }

    private static string Latency(CheckResultDocument result) =>
        (result.ConnectMs ?? result.TlsMs ?? result.AnswerMs) is null
            ? ""
            : Spans.Short((result.ConnectMs ?? 0) + (result.TlsMs ?? 0) + (result.AnswerMs ?? 0));

    private static string Phase(double? milliseconds) => milliseconds is { } value ? Spans.Short(value) : "";
}

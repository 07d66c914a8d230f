using System.Globalization;
using System.Text;
using Fulcrum.Api.Checks;

namespace Fulcrum.Output;

/// <summary>A check as people read it: what a line has of it, and a page with its last results.</summary>
internal static class CheckText
{
    /// <summary>How long the verdict has been so.</summary>
    public static string For(CheckDocument check, DateTimeOffset now) =>
        check.Since is { } since ? Spans.Age(now - since) : "";

    /// <summary>Of the last result, all phases.</summary>
    public static string Latency(CheckDocument check) =>
        check.Recent is not [var result, ..] || (result.ConnectMs ?? result.TlsMs ?? result.AnswerMs) is null
            ? ""
            : Spans.Short((result.ConnectMs ?? 0) + (result.TlsMs ?? 0) + (result.AnswerMs ?? 0));

    /// <summary>When it asks again, or what it does instead.</summary>
    public static string Next(CheckDocument check) =>
        check.NextInMs is { } next ? Spans.Short(Math.Max(0, next)) : check.Activity;

    /// <summary>What the last result said, and what else is to be known.</summary>
    public static string Summary(CheckDocument check) => string.Join("; ", Notes(check).Prepend(Last(check)));

    /// <summary>All that is known of it. Its first name is the one that was asked for.</summary>
    public static string Page(CheckDocument check, Look look)
    {
        var text = new StringBuilder();
        var age = check.Since is null ? "" : $" for {For(check, look.Now)}";
        text.Append(Ink.Paint(check.Checks[0], Tone.Strong, look));
        text.Append("  ").Append(Ink.Paint(check.Verdict, Tones.Of(check.Verdict).Tone, look));
        text.Append(age).Append('\n');
        var reason = Prose.Wrap(Table.Clean(check.Reason), look.Width - 2);
        text.Append("  ").AppendJoin("\n  ", reason).Append('\n');
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
            Append(text, $"  {Table.Clean(note)}");
        }

        foreach (var other in check.Checks.Skip(1))
        {
            Append(text, $"  the same probe: {other}");
        }

        AppendRecent(text, check, look);
        return text.ToString().TrimEnd('\n');
    }

    private static void AppendRecent(StringBuilder text, CheckDocument check, Look look)
    {
        if (check.Recent.Count == 0)
        {
            return;
        }

        text.Append('\n');
        var table = new Table(
            new("AT") { Drop = 1 },
            new("RESULT"),
            new("CONNECT")
            {
                Right = true,
                Optional = true,
                Drop = 3,
            },
            new("TLS")
            {
                Right = true,
                Optional = true,
                Drop = 3,
            },
            new("ANSWER")
            {
                Right = true,
                Optional = true,
                Drop = 3,
            },
            new("REASON") { Least = 20 }
        );
        foreach (var result in check.Recent)
        {
            table.Add(
                result.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                Tones.Of(result.Result),
                Phase(result.ConnectMs),
                Phase(result.TlsMs),
                Phase(result.AnswerMs),
                result.Reason
            );
        }

        table.AppendTo(text, "  ", look);
    }

    private static void Append(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Last(CheckDocument check) =>
        check.Recent.Count == 0 ? check.Reason
        : check.Recent[0].Result == "unclear" ? $"unclear: {check.Recent[0].Reason}"
        : check.Recent[0].Reason;

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

    private static string Phase(double? milliseconds) => milliseconds is { } value ? Spans.Short(value) : "";
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Fulcrum.Hosting;

/// <summary><c>2026-11-20T15:00:00.000Z info Ready: 1 services</c>: one line an event, whatever the message holds.</summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "fulcrum";

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        textWriter.Write($"{now} {Word(logEntry.LogLevel)} ");
        WriteLine(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(": ");
            WriteLine(textWriter, exception.ToString());
        }

        textWriter.Write('\n');
    }

    internal static string Word(LogLevel level) =>
        level switch
        {
            LogLevel.Critical => "critical",
            LogLevel.Error => "error",
            LogLevel.Warning => "warning",
            LogLevel.Information => "info",
            _ => "debug",
        };

    // A line break in a name from outside must not look like another event.
    private static void WriteLine(TextWriter to, string text)
    {
        foreach (var letter in text)
        {
            to.Write(char.IsControl(letter) ? ' ' : letter);
        }
    }
}

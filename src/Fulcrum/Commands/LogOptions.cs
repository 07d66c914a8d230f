using System.CommandLine;
using Fulcrum.Model.Services;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Commands;

/// <summary>How <c>fulcrum run</c> writes its log.</summary>
internal static class LogOptions
{
    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.Ordinal)
    {
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    };

    public static Option<string> Format() =>
        Words("--log-format", "text: a line of words for each event; json: an object.", "text", "json");

    public static Option<string> Level() =>
        Words("--log-level", "What is less is not logged: debug, info, warning or error.", "info", [.. Levels.Keys]);

    public static LogFormat FormatOf(string word) => word == "json" ? LogFormat.Json : LogFormat.Text;

    public static LogLevel LevelOf(string word) => Levels[word];

    private static Option<string> Words(string name, string about, string usual, params string[] others)
    {
        var option = new Option<string>(name)
        {
            Description = about,
            HelpName = "WORD",
            DefaultValueFactory = _ => usual,
        };
        option.AcceptOnlyFromAmong([.. others.Append(usual).Distinct(StringComparer.Ordinal)]);
        return option;
    }
}

using Fulcrum.Engine.Journaling;
using Fulcrum.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

internal static partial class Recovery
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Journal: {Recovery}")]
    private static partial void LogRecovered(ILogger log, JournalRecovery recovery);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Journal: {Problem}")]
    private static partial void LogProblem(ILogger log, Problem problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Journal: {Sentence}")]
    private static partial void LogRestored(ILogger log, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void LogLost(ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left behind: {Kind} {Key} {Reason}")]
    private static partial void LogLeft(ILogger log, string kind, string key, string reason);
}

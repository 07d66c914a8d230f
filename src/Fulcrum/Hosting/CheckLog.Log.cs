using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

internal sealed partial class CheckLog
{
    [LoggerMessage(Message = "{News}")]
    private static partial void LogNews(ILogger log, LogLevel level, string news);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "and {Count} more changes of checks: 'fulcrum get checks' shows how they are"
    )]
    private static partial void LogMore(ILogger log, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checks: {Problem}; what was read before stays in use")]
    private static partial void LogProblem(ILogger log, string problem);
}

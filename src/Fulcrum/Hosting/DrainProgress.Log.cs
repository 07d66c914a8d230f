using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

internal sealed partial class DrainProgress
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Draining: {Sessions} sessions left, {Seconds} s to the deadline"
    )]
    private static partial void LogLeft(ILogger log, int sessions, long seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: 0 sessions left")]
    private static partial void LogNone(ILogger log);
}

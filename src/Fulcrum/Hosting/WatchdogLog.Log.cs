using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

internal sealed partial class WatchdogLog
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Watchdog: {Part} has not answered for {Seconds:0.#} s; the service manager gets no sign of life until it does"
    )]
    private static partial void LogHangs(ILogger log, string part, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watchdog: {Part} answers again after {Seconds:0.#} s")]
    private static partial void LogAnswers(ILogger log, string part, double seconds);
}

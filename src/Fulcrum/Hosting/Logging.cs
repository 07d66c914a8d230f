using Fulcrum.Model.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Fulcrum.Hosting;

/// <summary>One line an event, on standard error, as a service manager's journal wants it.</summary>
internal static class Logging
{
    public static ILoggerFactory Create(LogFormat format = LogFormat.Text, LogLevel level = LogLevel.Information) =>
        LoggerFactory.Create(builder =>
            builder
                .SetMinimumLevel(level)
                .AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning)
                // Why the API cannot listen is part of the answer to who starts it.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
                .AddConsole(options =>
                {
                    options.FormatterName =
                        format == LogFormat.Json ? JsonFormatter.FormatterName : LineFormatter.FormatterName;
                    options.LogToStandardErrorThreshold = LogLevel.Trace;
                    // A log that nobody reads must not hold up who writes it.
                    options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
                })
                .Services.AddSingleton<ConsoleFormatter>(new LineFormatter(TimeProvider.System))
                .AddSingleton<ConsoleFormatter>(new JsonFormatter(TimeProvider.System))
        );
}

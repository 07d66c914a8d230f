using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Fulcrum.Hosting;

/// <summary>One line an event, on standard error, as a service manager's journal wants it.</summary>
internal static class Logging
{
    public static ILoggerFactory Create() =>
        LoggerFactory.Create(builder =>
            builder
                .SetMinimumLevel(LogLevel.Information)
                .AddFilter("Microsoft", LogLevel.Warning)
                // Why the API cannot listen is part of the answer to who starts it.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
                .AddConsole(options =>
                {
                    options.FormatterName = LineFormatter.FormatterName;
                    options.LogToStandardErrorThreshold = LogLevel.Trace;
                    // A log that nobody reads must not hold up who writes it.
                    options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
                })
                .Services.AddSingleton<ConsoleFormatter>(new LineFormatter(TimeProvider.System))
        );
}

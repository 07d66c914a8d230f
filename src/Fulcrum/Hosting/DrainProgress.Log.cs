using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

internal sealed partial class DrainProgress
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: {Sessions} sessions left")]
    private static partial void LogLeft(ILogger log, int sessions);
}

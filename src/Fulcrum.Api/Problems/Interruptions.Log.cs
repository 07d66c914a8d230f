using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Problems;

internal static partial class Interruptions
{
    [LoggerMessage(LogLevel.Error, "{Method} {Path} could not be answered: a defect")]
    private static partial void LogDefect(ILogger log, Exception error, string method, string path);
}

using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting.Otlp;

internal sealed partial class OtlpPush
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "OTLP: {Endpoint} does not take what is pushed to it; it is tried again at each interval, and fulcrum_otlp_exports_total counts"
    )]
    private static partial void LogFailing(ILogger log, Uri? endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "OTLP: {Endpoint} takes what is pushed to it")]
    private static partial void LogWorking(ILogger log, Uri? endpoint);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "OTLP: nothing is pushed, since a header cannot be had: {Reason}"
    )]
    private static partial void LogNoHeader(ILogger log, string reason);
}

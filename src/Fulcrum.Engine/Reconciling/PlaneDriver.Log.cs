using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

internal sealed partial class PlaneDriver
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Plane {Plane} does not take its table: {Reason} (attempt {Count})"
    )]
    private partial void LogRefused(string plane, string reason, int count);
}

using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.History;

public sealed partial class HistoryKeeper
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The change is in force, but not in the history: {Reason}")]
    private partial void LogNotWritten(string reason);
}

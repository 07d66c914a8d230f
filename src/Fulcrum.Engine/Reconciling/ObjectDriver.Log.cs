using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

internal sealed partial class ObjectDriver<TKey, T>
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key}: {Reason} (attempt {Count}); it is tried again")]
    private partial void LogFailed(string kind, string key, string reason, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What {Kind} objects there are cannot be read: {Reason}")]
    private partial void LogReadFailed(string kind, string reason);
}

using Microsoft.Extensions.Logging;

namespace Fulcrum.Notifying;

public sealed partial class HookNotifier
{
    [LoggerMessage("hook {Hook}: {What}")]
    private partial void LogHook(LogLevel level, string hook, string what);
}

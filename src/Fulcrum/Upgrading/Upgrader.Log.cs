using Microsoft.Extensions.Logging;

namespace Fulcrum.Upgrading;

internal sealed partial class Upgrader
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Upgrade by {By}: starting the program anew")]
    private partial void LogBegan(string? by);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Upgrade: process {Process} starts; this one serves meanwhile"
    )]
    private partial void LogStarted(int process);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Upgraded: process {Process} ({Version}) serves; this one finishes its sessions"
    )]
    private partial void LogDone(int process, string version);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not upgraded, this process goes on as before: {Reason}")]
    private partial void LogFailed(string reason);
}

using Fulcrum.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

internal sealed partial class Daemon
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Ready: {Services} services on node {Node}; API at {Socket}"
    )]
    private static partial void LogReady(ILogger log, int services, string node, string socket);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The service manager passed a socket '{Name}' that nobody can use: {Reason}"
    )]
    private static partial void LogStranger(ILogger log, string name, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The service manager passed a socket on {Address}, where no service listens: whoever connects there waits"
    )]
    private static partial void LogUnclaimed(ILogger log, string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "The node is not taken over, so this process ends: {Reason}")]
    private static partial void LogNotTakenOver(ILogger log, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The process before this one has ended before it said that it was ready to; this one goes on alone"
    )]
    private static partial void LogAlone(ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Descriptors: {Limit}")]
    private static partial void LogDescriptors(ILogger log, ulong limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reloaded {File}: generation {Generation}")]
    private static partial void LogReloaded(ILogger log, string file, long generation);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not reloaded {File}: what was in force stays")]
    private static partial void LogNotReloaded(ILogger log, string file);

    [LoggerMessage(Message = "{Problem}")]
    private static partial void LogProblem(ILogger log, LogLevel level, Problem problem);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Stopping: no new connections; a second signal stops at once"
    )]
    private static partial void LogDraining(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Draining: the process before this one still has sessions to finish"
    )]
    private static partial void LogFormer(ILogger log);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The engine broke, so the node stops")]
    private static partial void LogBroken(ILogger log, Exception? error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    private static partial void LogStopped(ILogger log);
}

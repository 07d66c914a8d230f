using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Listening;

internal sealed partial class ApiFollower
{
    [LoggerMessage(Level = LogLevel.Error, Message = "API, {Name}: {Reason}")]
    private partial void LogTrouble(string name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "API, {Name}: as it should be again")]
    private partial void LogMended(string name);
}

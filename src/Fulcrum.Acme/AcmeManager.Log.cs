using Microsoft.Extensions.Logging;

namespace Fulcrum.Acme;

public sealed partial class AcmeManager
{
    [LoggerMessage(LogLevel.Information, "certificate {Name}: issued, valid until {NotAfter}")]
    private partial void LogIssued(string name, DateTimeOffset notAfter);

    [LoggerMessage(LogLevel.Warning, "certificate {Name}: {Error}; next attempt at {Next}")]
    private partial void LogFailed(string name, string error, DateTimeOffset? next);

    [LoggerMessage(LogLevel.Warning, "certificate {Name}: its files cannot be read: {Error}")]
    private partial void LogUnreadable(string name, string error);
}

using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Access.Audit;

internal sealed partial class AuditTrail
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Who} ({Role}, {From}): {Operation} {Target}: {Before} -> {After}: {Status}"
    )]
    private partial void LogEntry(
        string who,
        string role,
        string from,
        string operation,
        string target,
        string before,
        string after,
        int status
    );
}

using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Access.Audit;

internal sealed partial class AuditFile
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The audit is not written: {Reason}; changes are told here alone until it can be"
    )]
    private partial void LogNotWritten(string reason);
}

using Fulcrum.Engine.Reasons;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

public sealed partial class Reconciler
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Nobody gets a new number, as none can be kept: {Reason}")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Numbers are kept again")]
    private partial void LogKeptAgain();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody confirmed the change by {Who}: it is taken back")]
    private partial void LogTakenBack(string who);

    [LoggerMessage(Level = LogLevel.Error, Message = "The change cannot be taken back: {Problem}")]
    private partial void LogNotTakenBack(string problem);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "What the API made in a former run does not fit, and stays in the journal unused: {Problem}"
    )]
    private partial void LogNotRestored(string problem);

    [LoggerMessage(Message = "{Subject} is {State}: {Reason}")]
    private partial void LogCertificate(LogLevel level, Subject subject, string state, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "and {Count} more changes of certificates: 'fulcrum get certificates' shows how they are"
    )]
    private partial void LogMoreCertificates(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "service {Name} is not carried: {Reason}")]
    private partial void LogNotCarried(string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "and {Count} more services: 'fulcrum status' shows them")]
    private partial void LogMoreNotCarried(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Applying failed; what was in force stays")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The expired override of {Target} stays in the journal: {Reason}"
    )]
    private partial void LogNotForgotten(string target, string reason);
}

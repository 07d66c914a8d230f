using Fulcrum.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

public sealed partial class Reconciler
{
    // Who asked for a snapshot is answered; here speaks news, which nobody asked for.
    private void Refused(IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems)
        {
            LogRefused(problem.ToString());
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Not applied: {Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Applying failed; what was in force stays")]
    private partial void LogFailed(Exception error);
}

using Fulcrum.Api.Access.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Access.Audit;

/// <summary>
/// Tells of every change that somebody ordered, whether it was done or refused: in the log under <c>audit</c>, and in a
/// file. Of strangers, and of each caller's orders that were turned away, only so many are told that they cannot push
/// out what is worth keeping; the rest is counted.
/// </summary>
internal sealed partial class AuditTrail(TimeProvider time, ILogger log, AuditFile? file) : IAsyncDisposable
{
    private const double StrangersPerSecond = 0.1;
    private const double StrangersAtOnce = 60;

    private const int MostCallers = 1024;

    private readonly RateLimiter _strangers = new(time, MostCallers);
    private long _untold;

    /// <summary>First of all, so that it knows what was answered in the end.</summary>
    public void Use(WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                var status = StatusCodes.Status500InternalServerError;
                try
                {
                    await next(context);
                    status = context.Response.StatusCode;
                }
                finally
                {
                    if (context.Features.Get<AuditNote>() is { } note)
                    {
                        Tell(note, status);
                    }
                }
            }
        );

    public ValueTask DisposeAsync() => file?.DisposeAsync() ?? default;

    private void Tell(AuditNote note, int status)
    {
        var isTurnedAway =
            status
            is StatusCodes.Status401Unauthorized
                or StatusCodes.Status403Forbidden
                or StatusCodes.Status429TooManyRequests;
        var whose = note.IsStranger ? "" : note.Who;
        if (
            (note.IsStranger || isTurnedAway) && _strangers.Take(whose, StrangersPerSecond, StrangersAtOnce) is not null
        )
        {
            Interlocked.Increment(ref _untold);
            return;
        }

        var missing = Interlocked.Exchange(ref _untold, 0);
        var entry = new AuditEntry
        {
            At = time.GetUtcNow(),
            Who = note.Who,
            Role = note.Role,
            From = note.From,
            Operation = note.Operation,
            Target = note.Target,
            Before = note.Before,
            After = note.After,
            Status = status,
            Missing = missing > 0 ? missing : null,
        };
        LogEntry(
            entry.Who,
            entry.Role ?? "nobody",
            entry.From,
            entry.Operation,
            entry.Target ?? "-",
            entry.Before ?? "-",
            entry.After ?? "-",
            status
        );
        file?.Add(entry);
    }
}

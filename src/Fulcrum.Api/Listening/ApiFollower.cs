using Fulcrum.Api.Access.Tokens;
using Fulcrum.Model;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Listening;

/// <summary>
/// Does what the settings of the API say, and what their files say: once at the start, where a fault is fatal, and
/// then once a second, where it is told, shown in the status, and tried again. Roles, scopes and rates need none of
/// this: each request is judged by the settings that are in force.
/// </summary>
internal sealed partial class ApiFollower(
    Func<ApiSettings> settings,
    SocketFollower socket,
    TokenStore tokens,
    TlsFollower tls,
    ApiListeners listeners,
    ApiTroubles troubles,
    ILogger log
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Once; who calls it says what a fault means.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        var now = settings();
        var found = new List<ApiTrouble>();
        Add(found, "socket", socket.Follow(now.Socket));
        found.AddRange(tokens.Follow(now.Tokens));
        Add(found, "tls", tls.Follow(now.Tls));
        foreach (var (place, why) in await listeners.FollowAsync(now, cancellation))
        {
            Add(found, place, why);
        }

        foreach (var trouble in found.Except(troubles.All))
        {
            LogTrouble(trouble.Name, trouble.Reason);
        }

        foreach (var trouble in troubles.All.ExceptBy(found.Select(one => one.Name), one => one.Name))
        {
            LogMended(trouble.Name);
        }

        troubles.All = found;
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                await FollowAsync(cancellation);
            }
#pragma warning disable CA1031 // Law 4: whatever a listener throws belongs to this attempt; the next one comes.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogTrouble("listen", error.Message);
            }
        }
    }

    private static void Add(List<ApiTrouble> found, string name, string? reason)
    {
        if (reason is not null)
        {
            found.Add(new(name, reason));
        }
    }
}

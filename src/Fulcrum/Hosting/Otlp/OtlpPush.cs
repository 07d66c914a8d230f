using Fulcrum.Api;
using Fulcrum.Api.Metrics;
using Fulcrum.Engine.Reconciling;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting.Otlp;

/// <summary>
/// Follows what the configuration says about a collector: connects, and anew when that changes, when a secret does, or
/// when there are many more objects than there was room for. Nothing waits for it.
/// </summary>
internal sealed partial class OtlpPush(
    Reconciler engine,
    NodeIdentity identity,
    NodeMetrics metrics,
    ILogger log,
    TimeProvider time
)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private OtlpPlan? _plan;
    private OtlpConnection? _connection;
    private string? _trouble;
    private int _working;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Follow();
                await Task.Delay(LookEvery, time, stop);
            }
        }
        finally
        {
            _connection?.Dispose();
        }
    }

    private void Follow()
    {
        OtlpPlan? plan;
        try
        {
            plan = OtlpPlan.Of(engine.State.Inputs.Snapshot.Metrics.Otlp, metrics);
            _trouble = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (_trouble != error.Message)
            {
                _trouble = error.Message;
                LogNoHeader(log, error.Message);
            }

            plan = null;
        }

        if (plan == _plan)
        {
            return;
        }

        _connection?.Dispose();
        _plan = plan;
        Volatile.Write(ref _working, 0);
        _connection = plan is null ? null : new(plan, identity, metrics, Done);
    }

    // On the SDK's threads. Said once, and again when it has changed.
    private void Done(bool isTraces, bool worked)
    {
        metrics.Exports.Count(isTraces, worked);
        var now = worked ? 1 : -1;
        if (Interlocked.Exchange(ref _working, now) != now)
        {
            if (worked)
            {
                LogWorking(log, _plan?.Endpoint);
            }
            else
            {
                LogFailing(log, _plan?.Endpoint);
            }
        }
    }
}

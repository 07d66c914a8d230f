using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// The loop that turns news into action: takes what came in, derives what shall be, and has the adapters carry out
/// what differs. One task, so that decisions have an order; news that comes while it works is put together.
/// A snapshot that a plane refuses leaves everything as it was.
/// </summary>
public sealed partial class Reconciler(IPlane plane, TimeProvider time, ILogger<Reconciler> log)
    : IHealthListener,
        INameListener
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Inbox _inbox = new();
    private volatile DerivedState _state = DerivedState.Initial;

    /// <summary>What is in force.</summary>
    public DerivedState State => _state;

    public PlaneObservation Observe() => plane.Observe();

    public void OnHealth(ProbeTask task, CheckHealth health) => _inbox.Add(task, health);

    public void OnName(string name, Items<IPAddress> addresses) => _inbox.Add(name, addresses);

    /// <summary>Applies a whole snapshot or nothing of it. It must have been validated.</summary>
    public Task<ApplyResult> ApplyAsync(Snapshot snapshot)
    {
        var request = new ApplyRequest(snapshot);
        _inbox.Add(request);
        return request.Answer;
    }

    /// <summary>Runs until cancelled; requests that are not answered by then are cancelled, too.</summary>
    public async Task RunAsync(IProber prober, INameResolver resolver, CancellationToken cancellation)
    {
        try
        {
            await WorkAsync(prober, resolver, cancellation);
        }
        finally
        {
            _inbox.Close();
        }
    }

    private async Task WorkAsync(IProber prober, INameResolver resolver, CancellationToken cancellation)
    {
        var inputs = EngineInputs.Nothing;
        await using var reminder = time.CreateTimer(
            _ => _inbox.Remind(),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        while (true)
        {
            await _inbox.WaitAsync(cancellation);
            (inputs, var request) = _inbox.Take(inputs);
            var wanted = request is null ? inputs : inputs with { Snapshot = request.Snapshot };
            try
            {
                wanted = await CarryOutAsync(wanted, prober, resolver, cancellation);
                inputs = Forget(wanted, _state.Desired);
                request?.Succeed(_state.Desired.TableOf(plane.Offer.Kind).Generation);
                continue;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                request?.Cancel();
                throw;
            }
            catch (PlaneRefusedException refusal)
            {
                if (request is null)
                {
                    Refused(refusal.Problems);
                }

                request?.Fail(refusal.Problems);
            }
#pragma warning disable CA1031 // Law 4: whatever an adapter throws belongs to this attempt; the loop lives on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogFailed(error);
                request?.Fail([new() { Message = error.Message }]);
            }

            // The news that came with it must not wait for the next news: without the request at once, else once more.
            reminder.Change(request is null ? RetryPause : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private async ValueTask<EngineInputs> CarryOutAsync(
        EngineInputs wanted,
        IProber prober,
        INameResolver resolver,
        CancellationToken cancellation
    )
    {
        var before = _state;
        var now = time.GetUtcNow();
        var derivation = Deriver.Derive(wanted, before, now);
        if (!ReferenceEquals(derivation.Desired.Probes, before.Desired.Probes))
        {
            var known = KnownHealth.Inherit(wanted, before.Desired.Probes, derivation.Desired.Probes);
            if (!ReferenceEquals(known, wanted))
            {
                wanted = known;
                derivation = Deriver.Derive(wanted, before, now);
            }
        }

        var desired = derivation.Desired;
        var table = desired.TableOf(plane.Offer.Kind);
        if (!ReferenceEquals(table, before.Desired.TableOf(plane.Offer.Kind)))
        {
            await using var prepared = await plane.PrepareAsync(table, cancellation);
            await prepared.CommitAsync();
        }

        if (!ReferenceEquals(desired.Probes, before.Desired.Probes))
        {
            prober.Apply(desired.Probes);
        }

        if (!ReferenceEquals(desired.Names, before.Desired.Names))
        {
            resolver.Apply(desired.Names);
        }

        _state = derivation.Next;
        return wanted;
    }

    // What nobody asks any more is not kept: these tables are as large as the configuration, not as its history.
    private static EngineInputs Forget(EngineInputs inputs, Desired desired)
    {
        if (inputs.Health.Count > desired.Probes.Count)
        {
            var health = inputs.Health;
            foreach (var task in inputs.Health.Keys.Where(task => !desired.Probes.ContainsKey(task)))
            {
                health = health.Without(task);
            }

            inputs = inputs with { Health = health };
        }

        if (inputs.Names.Count > desired.Names.Count)
        {
            var names = inputs.Names;
            foreach (var name in inputs.Names.Keys.Where(name => !desired.Names.ContainsKey(name)))
            {
                names = names.Without(name);
            }

            inputs = inputs with { Names = names };
        }

        return inputs;
    }
}

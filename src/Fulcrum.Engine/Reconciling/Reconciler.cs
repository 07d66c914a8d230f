using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Keeping;
using Fulcrum.Engine.Overriding;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// The loop that turns news into action: takes what came in, derives what shall be, and has the adapters carry out
/// what differs. One task, so that decisions have an order; news that comes while it works is put together, and news
/// goes before requests, so that a death never waits for somebody's configuration.
/// <para>
/// A change of configuration is applied whole or not at all: every plane gets ready, what must outlive a restart is
/// made durable, and only then the planes switch over. News cannot be refused: a plane that does not take its table is
/// asked again later, and the others go on. Addresses and announcements have drivers of their own, which report what
/// stands; that is news again, and so a vip follows its plane, and an announcement its vip.
/// </para>
/// </summary>
public sealed partial class Reconciler
    : IHealthListener,
        INameListener,
        IMemberListener,
        IPassiveListener,
        IRoleListener,
        IDisposable
{
    /// <summary>Timers end at 49 days, decisions may not; waking too early does no harm.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly IReadOnlyList<PlaneDriver> _planes;
    private readonly PatientKeeper _keeper;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly ILogger<Reconciler> _log;
    private readonly Inbox _inbox;
    private readonly OverrideKeeper _overrides;
    private readonly ITimer _alarm;
    private EngineInputs _inputs;
    private Snapshot? _kept;
    private Ledger _keptLedger;
    private bool _isKept = true;
    private bool _isConfigured;
    private Outlets? _outlets;
    private volatile DerivedState _state;
    private volatile SourceBook _book = SourceBook.Empty;

    /// <param name="node">Which of the snapshot's nodes this is.</param>
    /// <param name="planes">In the order in which they are preferred.</param>
    /// <param name="journal">Holds what outlives a restart.</param>
    /// <param name="random">For the time between attempts.</param>
    public Reconciler(
        string node,
        IReadOnlyList<IPlane> planes,
        Journal journal,
        TimeProvider time,
        Random random,
        ILogger<Reconciler> log
    )
    {
        _keeper = new(journal, time);
        Events = new(time);
        _time = time;
        _log = log;
        _backoff = new(random);
        _planes = [.. planes.Select(plane => new PlaneDriver(plane, Events, time, _backoff, log))];
        _inbox = new(time);
        _overrides = new(journal, (target, decision) => _inbox.Add(target, decision));
        _alarm = time.CreateTimer(_ => _inbox.Remind(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var kept = KeptState.From(journal.Entries, time.GetUtcNow());
        (_kept, var problems) = KeptObjects.Read(kept.Objects);
        Restored = Items.From(kept.Problems.Concat(problems));
        _inputs = EngineInputs.Nothing with
        {
            Node = node,
            Planes = Items.From(_planes.Select(plane => plane.Offer)),
            Overrides = kept.Overrides,
        };
        _keptLedger = kept.Ledger;
        _state = DerivedState.Initial with { Inputs = _inputs, Ledger = kept.Ledger };
    }

    /// <summary>What is in force.</summary>
    public DerivedState State => _state;

    /// <summary>Where every object comes from.</summary>
    public SourceBook Book => _book;

    /// <summary>How every object of every adapter is.</summary>
    public IReadOnlyList<ObjectStatus> Status => _outlets?.Status ?? [];

    /// <summary>How full its inbox is.</summary>
    public InboxStatus Inbox => _inbox.Status;

    /// <summary>How far each plane has come.</summary>
    public IEnumerable<PlaneStatus> Planes => _planes.Select(driver => driver.Progress);

    /// <summary>What the planes have, and their counters. A service is on one plane.</summary>
    public PlaneObservation Observe()
    {
        var all = _planes.Select(driver => driver.Observe()).ToList();
        return all is [var only]
            ? only
            : new(all.Max(one => one.Generation), Items.From(all.SelectMany(one => one.Services)))
            {
                Certificates = Items.From(all.SelectMany(one => one.Certificates)),
            };
    }

    /// <summary>What changed, as it changes.</summary>
    public EventLog Events { get; }

    /// <summary>Sentences about entries of the journal that were not understood.</summary>
    public Items<string> Restored { get; }

    public void OnHealth(ProbeTask task, CheckHealth health) => _inbox.Add(task, health);

    public void OnName(string name, Items<IPAddress> addresses) => _inbox.Add(name, addresses);

    public void OnMembers(string upstream, Items<Backend> members) => _inbox.Add(upstream, members);

    public void OnSignal(PassiveSignal signal) => _inbox.Add(signal);

    public void OnRole(string announcement, Role role) =>
        _inbox.Add(announcement, new RoleHeld(role, _time.GetUtcNow()));

    public void Dispose()
    {
        _alarm.Dispose();
        _inbox.Dispose();
    }

    /// <summary>Runs until cancelled; requests that are not answered by then are cancelled, too.</summary>
    public async Task RunAsync(NodePorts ports, CancellationToken cancellation)
    {
        var outlets = new Outlets(_planes, ports, _inbox, Events, _time, _backoff, _log);
        _outlets = outlets;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Task> beside =
        [
            _overrides.RunAsync(end.Token),
            .. outlets.Drivers.Select(driver => driver.RunAsync(end.Token)),
        ];
        try
        {
            // What a former run left is known before the first decision, or it would be taken down and raised again.
            foreach (var driver in outlets.Drivers)
            {
                await driver.FirstRead;
            }

            await WorkAsync(outlets, cancellation);
        }
        finally
        {
            _inbox.Close();
            await end.CancelAsync();
            await Task.WhenAll(beside)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                );
        }
    }

    private async Task WorkAsync(Outlets outlets, CancellationToken cancellation)
    {
        while (true)
        {
            await _inbox.WaitAsync(cancellation);
            var inputs = await LookAtPlanesIfDueAsync(LookIfDue(_inbox.Take(_inputs)), cancellation);
            await FollowAsync(inputs, outlets, cancellation);
            NoticeWithdrawn();
            ForgetExpired();
            await TakeBackUnconfirmedAsync(cancellation);
            if (_inbox.TakeRequest() is { } request)
            {
                await request.ServeAsync(cancellation);
            }

            SetAlarm(outlets);
        }
    }

    /// <summary>Carries out what news leads to; what fails is tried again, and nothing is thrown but the end.</summary>
    private async ValueTask FollowAsync(EngineInputs inputs, Outlets outlets, CancellationToken cancellation)
    {
        if (!_isConfigured && !inputs.Stopping)
        {
            // What a former run left is not unwanted: nobody said yet what is. Operators are heard all the same.
            _inputs = inputs;
            _state = _state with { Inputs = _state.Inputs with { Overrides = inputs.Overrides } };
            return;
        }

        var now = _time.GetUtcNow();
        if (ReferenceEquals(inputs, _inputs) && !(_state.WakeAt <= now) && !(outlets.RetryAt <= now))
        {
            return;
        }

        var derivation = await DecideAsync(inputs, outlets);
        _inputs = derivation.Next.Inputs;
        await outlets.FollowAsync(derivation.Desired, cancellation);
        await SettleAsync(derivation, outlets, cancellation);
    }

    /// <summary>
    /// Numbers that are not durable must not be used. Where none can be kept, whoever needs a new one goes without for
    /// now, and all else goes on: a disk that is full must not keep the dead in service. What was freed can wait.
    /// </summary>
    private async ValueTask<Derivation> DecideAsync(EngineInputs inputs, Outlets outlets)
    {
        inputs = Hold(inputs, outlets);
        var derivation = Decide(inputs, _state);
        try
        {
            await KeepAsync(derivation.Next.Ledger, []);
            return derivation;
        }
        catch (JournalException error)
        {
            if (_isKept)
            {
                LogNotKept(error.Message);
                _isKept = false;
            }

            derivation = Decide(inputs, _state with { Ledger = _state.Ledger with { IsClosed = true } });
            var next = derivation.Next;
            return derivation with { Next = next with { Ledger = next.Ledger with { IsClosed = false } } };
        }
    }

    /// <summary>
    /// Makes a decision the one in force, and those that follow from it: that a plane carries a service now lets its
    /// vips rise, that an address is gone lets its service go.
    /// </summary>
    private async ValueTask SettleAsync(Derivation derivation, Outlets outlets, CancellationToken cancellation)
    {
        while (true)
        {
            outlets.Tell(derivation.Desired, derivation.Next.Inputs.Observed);
            Tell(StateEvents.Between(_state, derivation.Next));
            TellOfCarrying(_state, derivation.Next);
            _state = derivation.Next;
            _inputs = Knowledge.Forget(derivation.Next.Inputs, derivation.Desired);
            var tables = outlets.TablesAfter(_inputs.Observed.Planes);
            if (ReferenceEquals(tables, _inputs.Observed.Planes))
            {
                return;
            }

            _inputs = _inputs with { Observed = _inputs.Observed with { Planes = tables } };
            derivation = await DecideAsync(_inputs, outlets);
            await outlets.FollowAsync(derivation.Desired, cancellation);
        }
    }

    private static EngineInputs Hold(EngineInputs inputs, Outlets outlets)
    {
        var observed = outlets.Hold(inputs.Observed);
        return ReferenceEquals(observed, inputs.Observed) ? inputs : inputs with { Observed = observed };
    }

    private Derivation Decide(EngineInputs inputs, DerivedState state)
    {
        var now = _time.GetUtcNow();
        var derivation = Deriver.Derive(inputs, state, now);
        var known = Knowledge.Inherit(inputs, state.Desired.Probes, derivation.Desired.Probes);
        known = _inheritance?.Inform(known, derivation.Next) ?? known;
        return ReferenceEquals(known, inputs) ? derivation : Deriver.Derive(known, state, now);
    }

    private async Task KeepAsync(Ledger ledger, IEnumerable<JournalChange> objects)
    {
        await _keeper.KeepAsync([.. KeptState.Changes(_keptLedger, ledger), .. objects]);
        _keptLedger = ledger;
        if (!_isKept)
        {
            LogKeptAgain();
            _isKept = true;
        }
    }

    private void SetAlarm(Outlets outlets)
    {
        DateTimeOffset?[] times = [_state.WakeAt, outlets.RetryAt, _unconfirmed?.By, _lookAt, _lookAtPlanes];
        if (times.Min() is { } next)
        {
            var wait = next - _time.GetUtcNow();
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
            _alarm.Change(wait < LongestSleep ? wait : LongestSleep, Timeout.InfiniteTimeSpan);
        }
    }
}

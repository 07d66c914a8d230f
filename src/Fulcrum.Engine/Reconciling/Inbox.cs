using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Reconciling;

/// <summary>
/// News for the engine, from any thread. A newer word on the same thing takes the place of the older one, so that it
/// holds no more than there are things, however fast they change. Bad news wakes the engine at once; good news waits a
/// moment for its like, so that a thousand backends that come up are one change and not a thousand.
/// </summary>
internal sealed class Inbox : IDisposable
{
    /// <summary>Much less than an interval between probes, much more than a decision takes.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>Each may hold a whole configuration, and none takes long.</summary>
    private const int MostRequests = 64;

    private readonly Lock _lock = new();
    private readonly Bell _bell = new();
    private readonly ITimer _patience;
    private readonly Dictionary<ProbeTask, CheckHealth> _health = [];
    private readonly Dictionary<string, Items<IPAddress>> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Items<Backend>> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PassiveSignal> _signals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoleHeld> _roles = new(StringComparer.Ordinal);
    private readonly Dictionary<OverrideTarget, Override?> _overrides = [];
    private readonly Queue<IEngineRequest> _requests = [];
    private Sighting<IPAddress, RaisedAddress>? _addresses;
    private Sighting<AnnouncementKey, AnnouncedAddress>? _announcements;
    private bool _gathering;
    private bool _any;
    private bool _closed;
    private long _refused;

    public Inbox(TimeProvider time)
    {
        _patience = time.CreateTimer(_ => _bell.Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(ProbeTask task, CheckHealth health) =>
        Add(() => _health[task] = health, urgent: health.Verdict == Verdict.Unhealthy);

    public void Add(string name, Items<IPAddress> addresses) => Add(() => _names[name] = addresses, urgent: false);

    public void Add(string upstream, Items<Backend> members) => Add(() => _members[upstream] = members, urgent: false);

    public void Add(PassiveSignal signal) =>
        Add(() => _signals[$"{signal.Upstream}/{signal.Backend}"] = signal, urgent: true);

    public void Add(string announcement, RoleHeld role) =>
        Add(() => _roles[announcement] = role, urgent: role.Role != Role.Active);

    /// <param name="decision">Null: it was taken back.</param>
    public void Add(OverrideTarget target, Override? decision) =>
        Add(() => _overrides[target] = decision, urgent: true);

    public void Add(Sighting<IPAddress, RaisedAddress> addresses) => Add(() => _addresses = addresses, urgent: true);

    public void Add(Sighting<AnnouncementKey, AnnouncedAddress> announcements) =>
        Add(() => _announcements = announcements, urgent: true);

    /// <param name="isOwn">The node's own, of which there are few: they are never too many.</param>
    public void Add(IEngineRequest request, bool isOwn = false)
    {
        lock (_lock)
        {
            if (_closed)
            {
                request.Cancel();
                return;
            }

            if (!isOwn && _requests.Count >= MostRequests)
            {
                _refused++;
                request.Refuse(new EngineBusyException());
                return;
            }

            _requests.Enqueue(request);
            _bell.Ring();
        }
    }

    /// <summary>How full it is.</summary>
    public InboxStatus Status
    {
        get
        {
            lock (_lock)
            {
                var news = _health.Count + _names.Count + _members.Count + _signals.Count;
                news += _roles.Count + _overrides.Count;
                return new(news, _requests.Count, MostRequests, _refused);
            }
        }
    }

    /// <summary>Nobody reads on: requests that wait, and all that come, are cancelled, so that nobody waits in vain.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_requests.TryDequeue(out var request))
            {
                request.Cancel();
            }
        }
    }

    /// <summary>Wakes the engine although nothing came.</summary>
    public void Remind() => _bell.Ring();

    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _bell.WaitAsync(cancellation);

    /// <summary>Lays all news over the inputs.</summary>
    public EngineInputs Take(EngineInputs inputs)
    {
        lock (_lock)
        {
            (_gathering, var any) = (false, _any);
            if (!any)
            {
                return inputs;
            }

            _any = false;
            inputs = inputs with
            {
                Health = Lay(inputs.Health, _health, found => found),
                Names = Lay(inputs.Names, _names, addresses => new NameAddresses(addresses)),
                Members = Lay(inputs.Members, _members, members => new DiscoveredMembers(members)),
                Passive = Lay(inputs.Passive, _signals, signal => signal),
                Roles = Lay(inputs.Roles, _roles, role => role),
                Overrides = Lay(inputs.Overrides, _overrides, decision => decision),
                Observed = inputs.Observed with
                {
                    OfAddresses = _addresses ?? inputs.Observed.OfAddresses,
                    OfAnnouncements = _announcements ?? inputs.Observed.OfAnnouncements,
                },
            };
            (_addresses, _announcements) = (null, null);
            return inputs;
        }
    }

    /// <summary>The next request; one at a time, so that each gets its own answer, and news comes before each.</summary>
    public IEngineRequest? TakeRequest()
    {
        lock (_lock)
        {
            _requests.TryDequeue(out var request);
            if (_requests.Count > 0)
            {
                _bell.Ring();
            }

            return request;
        }
    }

    public void Dispose() => _patience.Dispose();

    private void Add(Action keep, bool urgent)
    {
        lock (_lock)
        {
            keep();
            _any = true;
            if (urgent)
            {
                _bell.Ring();
            }
            else if (!_gathering)
            {
                _gathering = true;
                _patience.Change(Gathering, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static Map<TKey, TValue> Lay<TKey, TValue, TNews>(
        Map<TKey, TValue> known,
        Dictionary<TKey, TNews> news,
        Func<TNews, TValue?> valueOf
    )
        where TKey : notnull
        where TValue : class
    {
        foreach (var (key, item) in news)
        {
            known = valueOf(item) is { } value ? known.With(key, value) : known.Without(key);
        }

        news.Clear();
        return known;
    }
}

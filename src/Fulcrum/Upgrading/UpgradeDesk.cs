using Fulcrum.Api.Upgrading;

namespace Fulcrum.Upgrading;

/// <summary>Where upgrades are ordered and how they went is told. One at a time; any thread asks.</summary>
/// <param name="order">Has the daemon look; false: it has no time now.</param>
internal sealed class UpgradeDesk(string version, TimeProvider time, Func<bool> order) : INodeUpgrade
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private volatile UpgradeDocument _last = Document("", UpgradeDocument.None, version);
    private volatile string? _whyNoChanges;
    private volatile bool _isLeaving;

    public UpgradeDocument Last => _last;

    public string? WhyNoChanges => _whyNoChanges;

    /// <summary>How long the one that was ordered may take.</summary>
    public TimeSpan Within { get; private set; } = UsualPatience;

    public string? Begin(string by, TimeSpan within)
    {
        lock (_lock)
        {
            if (_isLeaving)
            {
                return "the node is stopping";
            }

            if (_last.State == UpgradeDocument.Running)
            {
                return $"an upgrade is under way already, since {_last.Began:u} by {_last.By}";
            }

            var before = _last;
            Within = within;
            _last = Document(Guid.NewGuid().ToString("N")[..12], UpgradeDocument.Running, version) with
            {
                By = by,
                Began = time.GetUtcNow(),
            };
            if (order())
            {
                return null;
            }

            _last = before;
            return "the node has other orders to carry out first; try again in a moment";
        }
    }

    /// <summary>By a signal: nobody is told why not, and nobody said how long.</summary>
    public void Begin() => Begin("SIGUSR2", UsualPatience);

    /// <summary>Nothing is changed until further notice.</summary>
    public void Freeze(string reason) => _whyNoChanges = reason;

    public void Thaw() => _whyNoChanges = null;

    public void Leave() => _isLeaving = true;

    /// <summary>It came to nothing.</summary>
    public void Fail(string reason)
    {
        _last = _last with { State = UpgradeDocument.Failed, Reason = reason };
        Thaw();
    }

    /// <summary>The node is another process's.</summary>
    public void Finish(int process, string program)
    {
        _isLeaving = true;
        _last = _last with { State = UpgradeDocument.Done, Pid = process, Version = program };
    }

    /// <summary>This is the other process: the node is its own.</summary>
    public void Inherit(string id, string by) =>
        _last = Document(id, UpgradeDocument.Done, version) with { By = by, Began = time.GetUtcNow() };

    private static UpgradeDocument Document(string id, string state, string version) =>
        new(id, state) { Pid = Environment.ProcessId, Version = version };
}

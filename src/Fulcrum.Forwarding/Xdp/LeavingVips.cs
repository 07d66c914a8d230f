using Fulcrum.Forwarding.Xdp.Translating;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>Vips that nobody wants any more, whose connections go on until a deadline.</summary>
internal sealed class LeavingVips
{
    private readonly Dictionary<string, (WantedVip Vip, DateTimeOffset Until)> _all = new(StringComparer.Ordinal);

    public IEnumerable<WantedVip> All => _all.Values.Select(leaving => leaving.Vip);

    public DateTimeOffset? NextDeadline => _all.Count == 0 ? null : _all.Values.Min(leaving => leaving.Until);

    public void Clear() => _all.Clear();

    /// <summary>It is wanted again.</summary>
    public void Forget(string identity) => _all.Remove(identity);

    /// <summary>Lets nobody new in. One that leaves already keeps its deadline, unless this one is earlier.</summary>
    public void Add(WantedVip vip, DateTimeOffset until)
    {
        if (!_all.TryGetValue(vip.Identity, out var leaving) || until < leaving.Until)
        {
            _all[vip.Identity] = (leaving.Vip ?? vip.Quiescent(), until);
        }
    }

    /// <summary>Forgets those whose time is over.</summary>
    public void Settle(DateTimeOffset now)
    {
        foreach (var (identity, (_, until)) in _all.ToList())
        {
            if (until <= now)
            {
                _all.Remove(identity);
            }
        }
    }
}

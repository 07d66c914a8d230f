using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Linux.Ipvs;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>
/// Services that nobody wants any more, whose connections go on until a deadline: to the kernel they are services whose
/// servers have no weight.
/// </summary>
internal sealed class LeavingServices
{
    private readonly Dictionary<IpvsServiceKey, (KernelService Service, DateTimeOffset Until)> _all = [];

    public IEnumerable<KernelService> All => _all.Values.Select(leaving => leaving.Service);

    public DateTimeOffset? NextDeadline => _all.Count == 0 ? null : _all.Values.Min(leaving => leaving.Until);

    public void Clear() => _all.Clear();

    /// <summary>It is wanted again, or gone.</summary>
    public void Forget(IpvsServiceKey key) => _all.Remove(key);

    /// <summary>Lets nobody new in. One that leaves already keeps its deadline, unless this one is earlier.</summary>
    public void Add(KernelService service, DateTimeOffset until)
    {
        if (!_all.TryGetValue(service.Key, out var leaving) || until < leaving.Until)
        {
            _all[service.Key] = (leaving.Service ?? service.Quiescent(), until);
        }
    }

    /// <summary>Forgets those whose time is over, or that have no connections any more.</summary>
    public void Settle(KernelState state, DateTimeOffset now)
    {
        foreach (var (key, (service, until)) in _all.ToList())
        {
            if (until <= now || LeftOf(service, state) == 0)
            {
                _all.Remove(key);
            }
        }
    }

    /// <summary>
    /// Who is still served. Of streams those that are established: the others have ended or never began. Datagrams have
    /// no end, so there all that the kernel remembers count.
    /// </summary>
    public static long LeftOf(KernelService service, KernelState state) =>
        state.Find(service.Key) is not { } entry ? 0
        : service.HasDatagrams ? entry.Active + entry.Inactive
        : entry.Active;
}

using System.Net;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Who the members are: those of the file, then those that were discovered, then those that are gone but may still
/// have sessions. The first of an id wins. A planned one is nowhere, and keeps its id.
/// </summary>
internal static class Roster
{
    /// <summary>So many that are gone may stay beside as many as there are members.</summary>
    private const int MoreLeavers = 64;

    public static List<Member> Of(UpstreamContext context, DerivedUpstream? previous, DateTimeOffset now)
    {
        var (inputs, upstream, view, _) = context;
        var file = upstream.Backends;
        var found = inputs.Members[upstream.Name]?.Backends ?? [];
        var history = new History(previous);
        var ids = new HashSet<string>(file.Count + found.Count, StringComparer.Ordinal);
        var members = new List<Member>(file.Count + found.Count);
        AddConfigured(members, file, inputs.Names, history, ids);
        AddConfigured(members, found, inputs.Names, history, ids);
        AddLeavers(members, history, view.Drain.Deadline, now);
        return members;
    }

    private static void AddConfigured(
        List<Member> members,
        Items<Backend> backends,
        Map<string, NameAddresses> names,
        History history,
        HashSet<string> ids
    )
    {
        foreach (var backend in backends)
        {
            var id = history.IdOf(backend, members.Count);
            if (ids.Add(id) && backend.Status != BackendStatus.Planned)
            {
                var address = AddressOf(backend.Address, names);
                members.Add(new(id, backend, address, history.Take(id, address, backend.Port, members.Count)));
            }
        }
    }

    // Those that never served have no sessions to finish. The bound is for sources that change their mind endlessly.
    private static void AddLeavers(List<Member> members, History history, TimeSpan deadline, DateTimeOffset now)
    {
        if (!history.IsAnybodyLeft)
        {
            return;
        }

        var configured = members.Count;
        foreach (var past in history.Left())
        {
            var since = past.Memory.DrainingSince ?? now;
            if (past.Memory.HasServed && since + deadline > now)
            {
                members.Add(
                    new(past.Memory.Id, past.Memory.Backend, past.Memory.Address, past) { RemovedSince = since }
                );
            }
        }

        var tooMany = members.Count - configured - (configured + MoreLeavers);
        if (tooMany > 0)
        {
            var oldest = members.Skip(configured).OrderBy(member => member.RemovedSince).Take(tooMany).ToHashSet();
            members.RemoveAll(oldest.Contains);
        }
    }

    private static IPAddress? AddressOf(HostAddress address, Map<string, NameAddresses> names) =>
        address.Ip ?? (names[address.Name!] is { Addresses: { Count: > 0 } found } ? found[0] : null);
}

using Fulcrum.Model.Nodes;

namespace Fulcrum.Model.Validation;

/// <summary>An interface is of one kind, and what another carries says which.</summary>
internal static class InterfaceRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("interfaces");
        foreach (var item in snapshot.Interfaces)
        {
            using var at = findings.In(item.Name);
            if (CheckKind(findings, item) && item.On is not null)
            {
                CheckCarrier(findings, snapshot, item);
            }
        }
    }

    private static bool CheckKind(Findings findings, Interface item)
    {
        List<string> kinds =
        [
            .. new[]
            {
                item.Vlan is null ? null : "a VLAN",
                item.Macvlan is null ? null : "a macvlan",
                item.Dummy ? "a dummy" : null,
            }.OfType<string>(),
        ];
        if (kinds.Count > 1)
        {
            findings.Error($"is {string.Join(" and ", kinds)}", "one of them");
            return false;
        }

        var isCarried = item.Vlan is not null || item.Macvlan is not null;
        if (isCarried && item.On is null)
        {
            findings.Error($"{kinds[0]} needs the interface that carries it", "'on: INTERFACE'");
        }
        else if (!isCarried && item.On is not null)
        {
            findings.Error(
                "'on' says what carries a VLAN or macvlan, but it is neither",
                "'vlan: 1..4094', or 'macvlan: bridge'"
            );
        }

        return true;
    }

    // Each has one carrier, so that a circle is found by going from one to the next.
    private static void CheckCarrier(Findings findings, Snapshot snapshot, Interface item)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { item.Name };
        for (var on = item.On; on is not null; on = snapshot.Interfaces.Find(on)?.On)
        {
            if (!seen.Add(on))
            {
                using var field = findings.In("on");
                findings.Error(on == item.Name ? "it would carry itself" : $"'{on}' would carry itself");
                return;
            }
        }
    }
}

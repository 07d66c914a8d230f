using System.Globalization;

namespace Fulcrum.Examining;

/// <summary>Holds what is needed against what was found. Things that nobody needs are not spoken of.</summary>
internal sealed partial class Diagnosis
{
    private readonly Needs _needs;
    private readonly MachineFacts _facts;
    private readonly List<Thing> _things = [];

    private Diagnosis(Needs needs, MachineFacts facts) => (_needs, _facts) = (needs, facts);

    /// <summary>What is worst comes first.</summary>
    public static IReadOnlyList<Thing> Of(Needs needs, MachineFacts facts)
    {
        var diagnosis = new Diagnosis(needs, facts);
        diagnosis.OfPlanes();
        diagnosis.OfPrograms();
        diagnosis.OfBalancer();
        diagnosis.OfTraffic();
        diagnosis.OfOffload();
        diagnosis.OfInterfaces();
        diagnosis.OfRights();
        diagnosis.OfProcess();
        return [.. diagnosis._things.OrderByDescending(thing => thing.State)];
    }

    private void OfPlanes()
    {
        foreach (var (who, why) in _needs.Planeless)
        {
            Add("plane", [who], "", why, "another 'forward' or 'balance': docs/ipvs.md says what a plane can do");
        }
    }

    private void OfInterfaces()
    {
        foreach (var made in _needs.Kinds)
        {
            var module = _facts.LackingKinds.GetValueOrDefault(made.Kind);
            var wrong = module is null ? null : "the kernel makes none";
            Try($"{made.Kind} interfaces", made.Who, "made", wrong, MendOf(module is null ? [] : [module]));
        }

        foreach (var (name, who) in _needs.Interfaces)
        {
            var absent = _facts.AbsentInterfaces.GetValueOrDefault(name);
            Add(
                $"interface {name}",
                who,
                "up",
                absent,
                $"'ip link' shows what there is; 'ip link set {name} up' raises one"
            );
        }

        foreach (var (address, who) in _needs.Networks)
        {
            var absent = _facts.AbsentNetworks.GetValueOrDefault(address.Key.ToString());
            Add(
                $"network of {address.Key}",
                [who],
                "on an interface",
                absent,
                "'on: INTERFACE' or 'on: dummy' in the vip, or an address of that network on an interface"
            );
        }
    }

    private void OfProcess()
    {
        if (_needs.Group is { } group)
        {
            var absent = _facts.HasGroup ? null : "there is no such group";
            Add($"group {group}", ["api.socket"], "there", absent, $"groupadd --system {group}");
        }

        if (_needs.Proxied.Count > 0)
        {
            Limit(
                "open files",
                _facts.Descriptors < _facts.WantedDescriptors,
                Number(_facts.Descriptors),
                $"each session takes two; LimitNOFILE={_facts.WantedDescriptors} in the unit, or 'ulimit -Hn {_facts.WantedDescriptors}' as root"
            );
            Limit(
                "net.core.somaxconn",
                _facts.Backlog < _facts.WantedBacklog,
                Number((ulong)_facts.Backlog),
                $"of a burst of new clients more have to try again; sysctl -w net.core.somaxconn={_facts.WantedBacklog}"
            );
        }

        Add(
            "state directory",
            ["fulcrum run"],
            "can be written",
            _facts.NoState,
            "make it for the node's user, or choose another with --state DIR"
        );
    }

    private void Add(string name, IReadOnlyList<string> who, string fine, string? wrong, string mend)
    {
        if (who.Count > 0)
        {
            _things.Add(
                wrong is null ? new(name, ThingState.Fine, who, fine) : new(name, ThingState.Lacking, who, wrong, mend)
            );
        }
    }

    /// <summary>The same of something that only a trial tells.</summary>
    private void Try(string name, IReadOnlyList<string> who, string fine, string? wrong, string mend)
    {
        if (_facts.NoTrial is { } reason && who.Count > 0)
        {
            _things.Add(new(name, ThingState.Unknown, who, reason, "'sudo fulcrum doctor', outside of a container"));
        }
        else
        {
            Add(name, who, fine, wrong, mend);
        }
    }

    private void Limit(string name, bool isLow, string found, string mend) =>
        _things.Add(
            new(name, isLow ? ThingState.Limited : ThingState.Fine, _needs.Proxied, found, isLow ? mend : null)
        );

    /// <summary>How a module comes into the kernel.</summary>
    private string MendOf(params IReadOnlyList<string> modules)
    {
        var absent = modules.Where(module => !_facts.Modules.Contains(module)).ToList();
        return absent.Count == 0
            ? $"'modprobe -a {string.Join(' ', modules)}' loads it; its name in /etc/modules-load.d/fulcrum.conf does so at each start"
            : $"another kernel, or a package with more modules for this one: /lib/modules/{_facts.Kernel} has no {string.Join(", ", absent)}";
    }

    private static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

using Fulcrum.Forwarding.Ipvs;

namespace Fulcrum.Examining;

/// <summary>What the kernel must have, and what this process must be allowed.</summary>
internal sealed partial class Diagnosis
{
    private static readonly string[] MarkModules = ["sch_ingress", "cls_flower", "act_skbedit", "act_ct"];
    private static readonly string[] SourceModules = ["sch_ingress", "cls_flower", "act_ct", "nf_nat"];

    private void OfPrograms()
    {
        Add(
            "BPF programs",
            _needs.Programs,
            "the kernel takes them",
            _facts.NoPrograms,
            "root, or AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_NET_ADMIN in the unit; Linux 5.15 or newer"
        );
        Add(
            "BPF file system",
            _needs.Programs,
            "there, or mounted when it is needed",
            _facts.NoBpfFileSystem,
            "as root: mount -t bpf bpf /sys/fs/bpf (systemd does so at each start)"
        );
        foreach (var one in _facts.ProgramInterfaces)
        {
            Add($"{one.Name} for programs", _needs.Programs, "ready", one.Wrong, one.Mend);
        }
    }

    private void OfBalancer()
    {
        var isAbsent = _facts.NoBalancer == IpvsPlane.NoModule;
        Add(
            "ip_vs",
            _needs.Balancer,
            "there",
            isAbsent ? "the kernel has no balancer" : _facts.NoBalancer,
            isAbsent ? MendOf("ip_vs") : "root, or the capability CAP_NET_ADMIN"
        );
        if (_facts.NoBalancer is null)
        {
            OfParts();
        }
    }

    // What is not to be had is told to those who asked for it.
    private void OfParts()
    {
        var lacking = _facts.LackingParts;
        var all = lacking.Count == 0 ? _needs.Parts.Keys : lacking;
        Try(
            "ip_vs schedulers",
            [.. all.SelectMany(part => _needs.Parts[part]).Distinct(StringComparer.Ordinal)],
            "all that are asked for",
            lacking.Count == 0 ? null : $"the kernel has no {string.Join(", ", lacking)}",
            MendOf([.. lacking.Select(part => part.Module)])
        );
    }

    private void OfTraffic()
    {
        Try("firewall marks", _needs.Marks, "set by tc", _facts.NoMarks, MendOf(MarkModules));
        Try("source NAT", _needs.Sources, "done by tc", _facts.NoSources, MendOf(SourceModules));
        if (_needs.Balancer.Count > 0)
        {
            OfParameters();
        }
    }

    private void OfOffload()
    {
        Add(
            "offload",
            _needs.Offload,
            "the kernel takes the program",
            _facts.NoOffload,
            "Linux 6.6, and root or the capabilities CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"
        );
        if (_facts.NotForwarding.Count > 0)
        {
            _things.Add(
                new(
                    "offload to other machines",
                    ThingState.Limited,
                    _needs.Offload,
                    "interfaces that do not forward",
                    $"what comes in there for others goes by the loops; sysctl -w {string.Join(' ', _facts.NotForwarding.Select(path => $"{path}=1"))}"
                )
            );
        }
    }

    // Those that the node sets by itself are as they should be.
    private void OfParameters()
    {
        var stuck = _facts.Parameters.Where(lack => !lack.CanBeSet).ToList();
        if (stuck.Count == 0)
        {
            var set = _facts.Parameters.Count;
            var found = set == 0 ? "as they should be" : $"the node sets {set} of them";
            _things.Add(new("kernel parameters", ThingState.Fine, _needs.Balancer, found));
            return;
        }

        Add(
            "kernel parameters",
            _needs.Balancer,
            "",
            $"the node may not set {stuck.Count} of them",
            $"root or CAP_NET_ADMIN, and a /proc/sys that is not read-only (ProtectKernelTunables=); or by hand: sysctl -w {string.Join(' ', stuck.Select(lack => $"{lack.Wish.Path}={lack.Wish.Value}"))}"
        );
    }

    private void OfRights()
    {
        Add(
            "CAP_NET_ADMIN",
            _needs.Administration,
            "allowed",
            _facts.MayAdministerNetwork ? null : "this user may not change the network",
            "root, or AmbientCapabilities=CAP_NET_ADMIN in the unit"
        );
        Add(
            "marked sockets",
            _needs.MarkedSockets,
            "allowed",
            _facts.MayMarkSockets ? null : "this user may not mark packets",
            "root, or CAP_NET_RAW (before Linux 5.17: CAP_NET_ADMIN)"
        );
        Add(
            "transparent sockets",
            _needs.TransparentSockets,
            "allowed",
            _facts.MayBeTransparent ? null : "this user may not speak for addresses of others",
            "root, or CAP_NET_RAW"
        );
        Add(
            "ICMP sockets",
            _needs.Echo,
            "allowed",
            _facts.MaySendEchoes ? null : "this user may not send echo requests",
            "root, CAP_NET_RAW, or sysctl -w net.ipv4.ping_group_range='0 2147483647'"
        );
        OfPorts();
    }

    private void OfPorts()
    {
        var low = _needs.LowPorts.Where(one => one.Port < _facts.FirstFreePort).ToList();
        if (low.Count > 0)
        {
            Add(
                $"ports below {_facts.FirstFreePort}",
                [.. low.Select(one => one.Who).Distinct(StringComparer.Ordinal)],
                "allowed",
                _facts.MayBindLowPorts ? null : "this user may not listen there",
                $"root, CAP_NET_BIND_SERVICE, or sysctl -w net.ipv4.ip_unprivileged_port_start={low.Min(one => one.Port)}"
            );
        }
    }
}

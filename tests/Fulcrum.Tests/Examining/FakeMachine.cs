using Fulcrum.Engine.Ports;
using Fulcrum.Examining;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.Hosting;
using Fulcrum.Model;

namespace Fulcrum.Tests.Examining;

/// <summary>A machine that is as a test says.</summary>
internal sealed class FakeMachine(MachineFacts facts) : IMachine
{
    public FakeMachine()
        : this(Whole) { }

    /// <summary>Nothing lacks there.</summary>
    public static MachineFacts Whole { get; } =
        new()
        {
            Kernel = "6.12.41+deb13-amd64",
            User = "root",
            Modules = new HashSet<string>(StringComparer.Ordinal) { "ip_vs", "ip_vs_mh", "dummy", "8021q" },
            MayAdministerNetwork = true,
            MayBindLowPorts = true,
            MayMarkSockets = true,
            MayBeTransparent = true,
            MaySendEchoes = true,
            HasGroup = true,
            Descriptors = 1 << 20,
            WantedDescriptors = 1 << 20,
            Backlog = 4096,
            WantedBacklog = 4096,
        };

    /// <summary>A small virtual machine, whose kernel has little and whose disk has no modules.</summary>
    public static MachineFacts Small { get; } =
        Whole with
        {
            Kernel = "6.18.44-micro",
            Modules = new HashSet<string>(StringComparer.Ordinal),
            NoBalancer = IpvsPlane.NoModule,
            NoMarks = "the kernel refuses filters: TC classifier not found (No such file or directory, 2)",
            NoSources = "the kernel refuses filters: TC classifier not found (No such file or directory, 2)",
            LackingKinds = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["dummy"] = "dummy",
                ["vlan"] = "8021q",
            },
            Descriptors = 20_000,
        };

    /// <summary>The usual server, looked at by somebody without rights.</summary>
    public static MachineFacts Powerless { get; } =
        Whole with
        {
            User = "alice",
            NoTrial = "trying it needs CAP_SYS_ADMIN",
            MayAdministerNetwork = false,
            MayBindLowPorts = false,
            MayMarkSockets = false,
            MayBeTransparent = false,
            MaySendEchoes = false,
            HasGroup = false,
            Parameters =
            [
                new(new("net/ipv4/conf/eth1/forwarding", "1"), "0", CanBeSet: false),
                new(new("net/ipv4/conf/all/send_redirects", "0"), "1", CanBeSet: false),
            ],
            AbsentInterfaces = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["eth1"] = "interface eth1 is down",
            },
            AbsentNetworks = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["203.0.113.80"] = "no interface has a network that holds 203.0.113.80: give the vip 'on:'",
            },
            Backlog = 128,
            NoPrograms =
                "this process may not load programs into the kernel (CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, or root)",
            NoBpfFileSystem = "no BPF file system is mounted at /sys/fs/bpf",
            NoState = "this user may not write /var/lib",
        };

    public Needs? Asked { get; private set; }

    public Task<IReadOnlyList<PlaneOffer>> LookAsync(
        Snapshot snapshot,
        StateDirectory state,
        CancellationToken cancellation
    ) =>
        Task.FromResult<IReadOnlyList<PlaneOffer>>([
            PlaneOffer.Xdp with
            {
                Forwardings = snapshot.Xdp.Interfaces.IsEmpty ? [] : PlaneOffer.Xdp.Forwardings,
                Unavailable = facts.NoPrograms,
            },
            PlaneOffer.Ipvs with
            {
                Unavailable = facts.NoBalancer,
            },
        ]);

    public Task<MachineFacts> ReadAsync(
        Needs needs,
        IReadOnlyList<PlaneOffer> planes,
        StateDirectory state,
        CancellationToken cancellation
    )
    {
        Asked = needs;
        return Task.FromResult(facts);
    }
}

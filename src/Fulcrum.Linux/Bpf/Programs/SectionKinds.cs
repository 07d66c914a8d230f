using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Linux.Bpf.Programs;

/// <summary>What the name of a section says of the program in it, in the words that everybody uses.</summary>
internal static class SectionKinds
{
    private static readonly (string Name, BpfProgramType Type, BpfAttachType Attach)[] Known =
    [
        ("xdp", BpfProgramType.Xdp, BpfAttachType.Xdp),
        ("tcx/ingress", BpfProgramType.SchedulerClassifier, BpfAttachType.TcxIngress),
        ("tcx/egress", BpfProgramType.SchedulerClassifier, BpfAttachType.TcxEgress),
        ("tc", BpfProgramType.SchedulerClassifier, BpfAttachType.None),
        ("sk_lookup", BpfProgramType.SocketLookup, BpfAttachType.SocketLookup),
        ("sk_reuseport", BpfProgramType.SocketReuse, BpfAttachType.SocketReuse),
        ("cgroup/connect4", BpfProgramType.ControlGroupAddress, BpfAttachType.ConnectIPv4),
        ("cgroup/connect6", BpfProgramType.ControlGroupAddress, BpfAttachType.ConnectIPv6),
        ("cgroup/getpeername4", BpfProgramType.ControlGroupAddress, BpfAttachType.PeerNameIPv4),
        ("cgroup/getpeername6", BpfProgramType.ControlGroupAddress, BpfAttachType.PeerNameIPv6),
    ];

    /// <param name="section">As <c>xdp</c>, or <c>xdp/name</c> where several are in one object.</param>
    /// <exception cref="BpfObjectException">Nobody knows that word.</exception>
    public static (BpfProgramType Type, BpfAttachType Attach) Of(string section)
    {
        foreach (var (name, type, attach) in Known)
        {
            if (section == name || section.StartsWith(name + "/", StringComparison.Ordinal))
            {
                return (type, attach);
            }
        }

        throw new BpfObjectException(
            $"section '{section}' is no kind of program; known are {string.Join(", ", Known.Select(one => one.Name))}"
        );
    }
}

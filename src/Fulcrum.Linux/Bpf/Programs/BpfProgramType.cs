namespace Fulcrum.Linux.Bpf.Programs;

/// <summary>BPF_PROG_TYPE_*, those that are used here.</summary>
public enum BpfProgramType : uint
{
    SocketFilter = 1,

    /// <summary>At the traffic control hooks (tc, tcx).</summary>
    SchedulerClassifier = 3,

    /// <summary>At the driver, before the kernel has made anything of a packet.</summary>
    Xdp = 6,

    /// <summary>Chooses among sockets on one port.</summary>
    SocketReuse = 21,

    /// <summary>At connect(2), bind(2) and the like, of the processes of a control group.</summary>
    ControlGroupAddress = 18,

    /// <summary>Chooses the listener of a packet.</summary>
    SocketLookup = 30,
}

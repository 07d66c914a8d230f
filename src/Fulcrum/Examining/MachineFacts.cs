using Fulcrum.Forwarding.Sysctls;
using Fulcrum.Forwarding.Trying;
using Fulcrum.Forwarding.Xdp;

namespace Fulcrum.Examining;

/// <summary>A machine as it was found, as far as somebody needed to know. A null: it could not be found out.</summary>
internal sealed record MachineFacts
{
    /// <summary>The kernel's release: <c>6.12.41+deb13-amd64</c>.</summary>
    public required string Kernel { get; init; }

    /// <summary>Whose rights this process has.</summary>
    public required string User { get; init; }

    /// <summary>Modules that the disk has for it; what is part of the kernel is among them.</summary>
    public required IReadOnlySet<string> Modules { get; init; }

    /// <summary>Why the kernel's balancer cannot be used; null: it can, or nobody asked.</summary>
    public string? NoBalancer { get; init; }

    /// <summary>Why nothing could be tried; null: it could.</summary>
    public string? NoTrial { get; init; }

    /// <summary>Parts of the balancer that are not to be had.</summary>
    public IReadOnlyList<BalancerPart> LackingParts { get; init; } = [];

    /// <summary>Null: they work.</summary>
    public string? NoMarks { get; init; }

    /// <summary>Null: they work.</summary>
    public string? NoSources { get; init; }

    /// <summary>Why programs cannot be loaded into the kernel; null: they can.</summary>
    public string? NoPrograms { get; init; }

    /// <summary>Null: it is there, or the node makes it.</summary>
    public string? NoBpfFileSystem { get; init; }

    /// <summary>Where programs are to stand.</summary>
    public IReadOnlyList<TriedInterface> ProgramInterfaces { get; init; } = [];

    /// <summary>Why the kernel would carry no datagrams; null: it would, or nobody asked.</summary>
    public string? NoOffload { get; init; }

    /// <summary>Parameters that keep it from carrying them to other machines.</summary>
    public IReadOnlyList<string> NotForwarding { get; init; } = [];

    /// <summary>By the kind of interface: the module that it lacks.</summary>
    public IReadOnlyDictionary<string, string> LackingKinds { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    public bool MayAdministerNetwork { get; init; }

    public bool MayMarkSockets { get; init; }

    public bool MayBeTransparent { get; init; }

    public bool MaySendEchoes { get; init; }

    public bool MayBindLowPorts { get; init; }

    /// <summary>Lower ones need a right.</summary>
    public int FirstFreePort { get; init; } = 1024;

    /// <summary>Parameters that are not as they should be.</summary>
    public IReadOnlyList<SysctlLack> Parameters { get; init; } = [];

    /// <summary>By name: why it cannot be used.</summary>
    public IReadOnlyDictionary<string, string> AbsentInterfaces { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>By the address of a vip: why no interface has its network.</summary>
    public IReadOnlyDictionary<string, string> AbsentNetworks { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    public bool HasGroup { get; init; }

    /// <summary>How many descriptors a node would have, and wants.</summary>
    public ulong Descriptors { get; init; }

    public ulong WantedDescriptors { get; init; }

    /// <summary>How many connections may wait to be accepted, and how many a listener asks for.</summary>
    public int Backlog { get; init; }

    public int WantedBacklog { get; init; }

    /// <summary>What is wrong with the state directory; null: nothing.</summary>
    public string? NoState { get; init; }
}

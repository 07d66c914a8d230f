using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Ipvs.Translating;

/// <summary>A service in the kernel's words.</summary>
internal sealed record TranslatedService
{
    public required PlaneService Source { get; init; }

    public required Items<KernelService> Services { get; init; }

    /// <summary>What must get a firewall mark to come to them.</summary>
    public Items<MarkedListener> Marked { get; init; }

    /// <summary>Why some of it cannot be had.</summary>
    public Items<Problem> Problems { get; init; }

    /// <summary>When backends that drain end what they have.</summary>
    public DateTimeOffset? WakeAt { get; init; }
}

/// <summary>Packets to a listener get a firewall mark, because the kernel's table knows them by no other name.</summary>
internal sealed record MarkedListener(uint Mark, Listener Listener);

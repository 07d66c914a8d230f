using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Ipvs.Translating;

/// <summary>A service in the kernel's words.</summary>
internal sealed record TranslatedService
{
    public required PlaneService Source { get; init; }

    public required Items<KernelService> Services { get; init; }

    /// <summary>Why some of it cannot be had.</summary>
    public Items<Problem> Problems { get; init; }

    /// <summary>When backends that drain end what they have.</summary>
    public DateTimeOffset? WakeAt { get; init; }
}

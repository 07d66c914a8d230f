using Fulcrum.Engine.Ports;
using Fulcrum.Hosting;

namespace Fulcrum.Examining;

/// <summary>A machine that a node is to run on.</summary>
internal interface IMachine
{
    /// <summary>What the kernel's balancer offers here.</summary>
    Task<PlaneOffer> LookAsync(StateDirectory state, CancellationToken cancellation);

    /// <summary>Finds out what matters to these needs, and changes nothing.</summary>
    Task<MachineFacts> ReadAsync(
        Needs needs,
        PlaneOffer balancer,
        StateDirectory state,
        CancellationToken cancellation
    );
}

using Fulcrum.Engine.Ports;
using Fulcrum.Hosting;
using Fulcrum.Model;

namespace Fulcrum.Examining;

/// <summary>A machine that a node is to run on.</summary>
internal interface IMachine
{
    /// <summary>What the planes in the kernel offer here, in the order in which they are preferred.</summary>
    /// <param name="snapshot">What is to be run.</param>
    Task<IReadOnlyList<PlaneOffer>> LookAsync(Snapshot snapshot, StateDirectory state, CancellationToken cancellation);

    /// <summary>Finds out what matters to these needs, and changes nothing.</summary>
    Task<MachineFacts> ReadAsync(
        Needs needs,
        IReadOnlyList<PlaneOffer> planes,
        StateDirectory state,
        CancellationToken cancellation
    );
}

using Fulcrum.Engine.Deriving;
using Fulcrum.Model;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Reconciling;

/// <summary>What planes can do on this machine: with each change, and again while one lacks something that may come later.</summary>
public sealed partial class Reconciler
{
    /// <summary>Nobody tells when an administrator loads a module.</summary>
    private static readonly TimeSpan LookAtPlanesEvery = TimeSpan.FromSeconds(15);

    private DateTimeOffset? _lookAtPlanes;

    private async ValueTask<EngineInputs> LookAtPlanesIfDueAsync(EngineInputs inputs, CancellationToken cancellation) =>
        _lookAtPlanes <= _time.GetUtcNow() ? await LookAtPlanesAsync(inputs, inputs.Snapshot, cancellation) : inputs;

    // Looking may load modules of the kernel, so planes that nobody asks for are not asked.
    private async ValueTask<EngineInputs> LookAtPlanesAsync(
        EngineInputs inputs,
        Snapshot snapshot,
        CancellationToken cancellation
    )
    {
        var isLacking = false;
        foreach (var plane in _planes.Where(plane => KernelCapabilities.MayNeed(snapshot, plane.Offer)))
        {
            await plane.LookAsync(snapshot, cancellation);
            isLacking |= plane.Offer.Unavailable is not null;
        }

        _lookAtPlanes = isLacking ? _time.GetUtcNow() + LookAtPlanesEvery : null;
        var offers = Items.From(_planes.Select(plane => plane.Offer));
        return offers == inputs.Planes ? inputs : inputs with { Planes = offers };
    }
}

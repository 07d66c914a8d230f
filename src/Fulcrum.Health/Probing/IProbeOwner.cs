namespace Fulcrum.Health.Probing;

/// <summary>Whoever had a probe made. Called on the loop, once for each probe.</summary>
internal interface IProbeOwner
{
    void OnFinished(ProbeResult result, ProbePhases phases);

    /// <summary>Another one, not started yet, goes on with the question within the same deadline.</summary>
    void OnHandedOver(Probe next);
}

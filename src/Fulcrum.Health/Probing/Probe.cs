using Fulcrum.Loops;

namespace Fulcrum.Health.Probing;

/// <summary>One execution of a check. Lives on the prober's loop, has no timer of its own, and tells its owner once.</summary>
internal abstract class Probe(IProbeOwner owner) : LoopObject
{
    /// <summary>What had been waited for when time was up.</summary>
    protected abstract string Awaited { get; }

    protected virtual ProbePhases Phases => default;

    private bool IsOver { get; set; }

    /// <summary>May finish at once.</summary>
    public abstract void Start();

    /// <summary>Time is up. What has come meanwhile is looked at before anybody is blamed.</summary>
    /// <param name="excuse">Why it may be our own fault; null: it is not.</param>
    public void Expire(string? excuse)
    {
        LookOnce();
        if (!IsOver)
        {
            Finish(excuse is null ? ProbeResult.Bad($"timed out {Awaited}") : ProbeResult.Unclear(excuse));
        }
    }

    /// <summary>Ends without a result.</summary>
    public void Abandon()
    {
        IsOver = true;
        Release();
    }

    /// <summary>Something of ours broke, and that is not the backend's fault.</summary>
    public void Fail(Exception fault) => Finish(ProbeResult.Unclear(fault.Message));

    protected sealed override void OnFault(Exception fault) => Fail(fault);

    /// <summary>Takes what is there without waiting.</summary>
    protected abstract void LookOnce();

    /// <summary>Gives back all that is held; may be called twice.</summary>
    protected abstract void Release();

    protected void Finish(ProbeResult result)
    {
        if (!IsOver)
        {
            IsOver = true;
            var phases = Phases;
            Release();
            owner.OnFinished(result, phases);
        }
    }

    protected void HandOver(Probe next)
    {
        if (!IsOver)
        {
            IsOver = true;
            Release();
            owner.OnHandedOver(next);
        }
    }
}

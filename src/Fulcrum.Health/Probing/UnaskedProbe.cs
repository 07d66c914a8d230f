using Fulcrum.Linux.Events;

namespace Fulcrum.Health.Probing;

/// <summary>Stands for a probe that our own machine cannot make.</summary>
internal sealed class UnaskedProbe(string why, IProbeOwner owner) : Probe(owner)
{
    protected override string Awaited => "";

    public override void Start() => Finish(ProbeResult.Unclear(why));

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void LookOnce() { }

    protected override void Release() { }
}

using Fulcrum.Health.Probing;
using Fulcrum.Linux.Events;

namespace Fulcrum.Health.Tests.Scheduling;

/// <summary>
/// A probe whose end is written: <c>+</c> good, <c>-</c> bad and <c>?</c> unclear at once, <c>.</c> never; <c>l</c> has
/// an answer that is found only by who looks, <c>h</c> finds then that it must go on otherwise, <c>!</c> throws.
/// </summary>
internal sealed class ScriptedProbe(char end, IProbeOwner owner) : Probe(owner)
{
    private readonly IProbeOwner _owner = owner;

    /// <summary>Neither over nor let go.</summary>
    public bool IsHeld { get; private set; } = true;

    protected override string Awaited => $"for {end}";

    public override void Start()
    {
        switch (end)
        {
            case '+':
                Finish(ProbeResult.Good("good"));
                break;
            case '-':
                Finish(ProbeResult.Bad("bad"));
                break;
            case '?':
                Finish(ProbeResult.Unclear("unclear"));
                break;
            case '!':
                throw new InvalidOperationException("broken");
        }
    }

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void LookOnce()
    {
        if (end == 'l')
        {
            Finish(ProbeResult.Good("good"));
        }
        else if (end == 'h')
        {
            HandOver(new ScriptedProbe('.', _owner));
        }
    }

    protected override void Release() => IsHeld = false;
}

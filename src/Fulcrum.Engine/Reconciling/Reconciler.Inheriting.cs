using Fulcrum.Engine.Inheriting;

namespace Fulcrum.Engine.Reconciling;

/// <summary>From one process of a node to the next.</summary>
public sealed partial class Reconciler
{
    private Inheritance? _inheritance;

    /// <summary>What the next process needs to know of this one.</summary>
    public Inheritance Bequeath() => Inheritance.Of(_state);

    /// <summary>Goes on from what another process knew. Before <see cref="RunAsync"/>, or it is too late.</summary>
    public void Inherit(Inheritance inheritance)
    {
        _inheritance = inheritance;
        _inputs = inheritance.LayUnder(_inputs);
        _state = inheritance.Continue(_state) with { Inputs = _inputs };
    }
}

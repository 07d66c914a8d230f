namespace Fulcrum.Engine.Reasons;

/// <summary>
/// Why something is as it is, as data: each kind of reason is a record of its own that holds what it was decided from,
/// so that programs can read it and people get one sentence. Made by the code that decides, never afterwards.
/// </summary>
public abstract record Reason
{
    /// <summary>For people, without a full stop: "tcp: connection refused".</summary>
    public abstract string Text { get; }

    /// <summary>What has this reason's own reasons; null: the chain ends here.</summary>
    public virtual Subject? Cause => null;

    public sealed override string ToString() => Text;
}

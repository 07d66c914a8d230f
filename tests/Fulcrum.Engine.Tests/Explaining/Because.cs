using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Tests.Explaining;

/// <summary>A reason of which only the contract is known.</summary>
internal sealed record Because(string Why, Subject? From = null) : Reason
{
    public override string Text => Why;

    public override Subject? Cause => From;
}

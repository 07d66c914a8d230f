namespace Fulcrum.Protocols.Handover;

/// <summary>Old to new: names of the descriptors that come beside the message, in their order.</summary>
public sealed record HandoverSockets(IReadOnlyList<string> Names) : HandoverMessage
{
    public bool Equals(HandoverSockets? other) => other is not null && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => Names.Count;
}

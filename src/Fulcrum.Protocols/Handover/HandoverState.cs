namespace Fulcrum.Protocols.Handover;

/// <summary>Old to new: the next part of what the old process knows.</summary>
public sealed record HandoverState(ReadOnlyMemory<byte> Part) : HandoverMessage
{
    public bool Equals(HandoverState? other) => other is not null && Part.Span.SequenceEqual(other.Part.Span);

    public override int GetHashCode() => Part.Length;
}

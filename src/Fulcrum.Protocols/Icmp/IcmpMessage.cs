namespace Fulcrum.Protocols.Icmp;

/// <summary>What a received message says about the echo request with this identifier and sequence number.</summary>
public readonly ref struct IcmpMessage
{
    internal IcmpMessage(ushort identifier, ushort sequence, ReadOnlySpan<byte> payload)
    {
        (Kind, Identifier, Sequence) = (IcmpKind.EchoReply, identifier, sequence);
        Payload = payload;
    }

    internal IcmpMessage(ushort identifier, ushort sequence, string reason) =>
        (Kind, Identifier, Sequence, Reason) = (IcmpKind.Unreachable, identifier, sequence, reason);

    public IcmpKind Kind { get; }

    public ushort Identifier { get; }

    public ushort Sequence { get; }

    /// <summary>What came back of what the request carried.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Why it is unreachable.</summary>
    public string? Reason { get; }
}

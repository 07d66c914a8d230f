namespace Fulcrum.Protocols.Handover;

/// <summary>One message between a process and the one that takes its place.</summary>
public abstract record HandoverMessage
{
    private protected HandoverMessage() { }
}

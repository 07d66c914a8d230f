namespace Fulcrum.Protocols.Handover;

/// <summary>To the old process: the new one is there. Its descriptor (pidfd_open(2)) is beside the message.</summary>
public sealed record HandoverStarted(int ProcessId) : HandoverMessage;

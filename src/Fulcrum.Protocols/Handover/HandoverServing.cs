namespace Fulcrum.Protocols.Handover;

/// <summary>New to old: every loop serves.</summary>
public sealed record HandoverServing : HandoverMessage;

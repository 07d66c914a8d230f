namespace Fulcrum.Protocols.Handover;

/// <summary>Old to new: the node is yours. There is no way back from here.</summary>
public sealed record HandoverOver : HandoverMessage;

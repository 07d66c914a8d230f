namespace Fulcrum.Protocols.Handover;

/// <summary>Either way: nothing comes of it, and the old process goes on as before.</summary>
/// <param name="Reason">For people.</param>
public sealed record HandoverRefusal(string Reason) : HandoverMessage;

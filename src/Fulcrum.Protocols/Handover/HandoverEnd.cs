namespace Fulcrum.Protocols.Handover;

/// <summary>Old to new: that was all.</summary>
/// <param name="StateBytes">Of all parts together.</param>
/// <param name="Descriptors">Of all messages together.</param>
/// <param name="Upgrade">What this upgrade is called.</param>
/// <param name="By">Who wanted it.</param>
public sealed record HandoverEnd(int StateBytes, int Descriptors, string Upgrade, string By) : HandoverMessage;

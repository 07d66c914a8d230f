namespace Fulcrum.Protocols.Handover;

/// <summary>New to old: the configuration is read and valid, and this process is ready to be given the rest.</summary>
/// <param name="Protocol">See <see cref="HandoverCodec.Version"/>.</param>
/// <param name="Program">The version of the program, for people.</param>
public sealed record HandoverHello(int Protocol, int ProcessId, string Program) : HandoverMessage;

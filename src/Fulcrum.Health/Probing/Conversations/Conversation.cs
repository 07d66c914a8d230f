namespace Fulcrum.Health.Probing.Conversations;

/// <summary>
/// What is said and heard in one probe, without a socket: bytes of a stream in pieces of any size, or datagrams. It
/// holds a bounded amount whatever it hears, and never throws on it.
/// </summary>
internal abstract class Conversation
{
    /// <summary>What it waits for, after "waiting for".</summary>
    public virtual string Awaited => "an answer";

    /// <summary>The way is open.</summary>
    public abstract Step Begin();

    /// <summary>The peer said this.</summary>
    public abstract Step Hear(ReadOnlySpan<byte> data);

    /// <summary>The peer says no more.</summary>
    public virtual Step End() => Step.Finish(ProbeResult.Bad("closed before the answer was complete"));
}

namespace Fulcrum.Protocols.Greetings;

/// <summary>
/// The first words of a protocol, spoken just far enough to know whether the server would do its work. Bytes go in and
/// out; what is held is bounded, and nothing that is fed makes it throw. One object serves one connection.
/// </summary>
public interface IGreeting
{
    /// <summary>What to send as soon as there is a connection; empty when the server speaks first.</summary>
    ReadOnlyMemory<byte> Start();

    /// <summary>Takes the next bytes, in pieces of any size. After a verdict there is nothing more to say.</summary>
    GreetingStep Feed(ReadOnlySpan<byte> data);
}

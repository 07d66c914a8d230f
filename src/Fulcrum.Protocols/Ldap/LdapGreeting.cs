using Fulcrum.Protocols.Greetings;

namespace Fulcrum.Protocols.Ldap;

/// <summary>
/// Binds to a directory as nobody (RFC 4511 section 4.2) and unbinds. Messages are BER: a tag, a length, and what it
/// is the length of. A server that refuses nobody, or wants him to come otherwise, answers and is good; it is bad when
/// it is busy or unavailable, or takes leave by itself (section 4.4.1).
/// </summary>
public sealed class LdapGreeting : IGreeting
{
    /// <summary>Bytes of a message.</summary>
    public const int MaxMessage = 4096;

    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;
    private const byte OctetString = 0x04;
    private const byte Enumerated = 0x0A;
    private const byte BindResponse = 0x61;
    private const byte ExtendedResponse = 0x78;

    private static readonly byte[] Unbind = [Sequence, 5, Integer, 1, 2, 0x42, 0];

    private readonly GreetingReader _reader = new(MaxMessage);

    // Message 1: version 3, no name, simple authentication with no password.
    public ReadOnlyMemory<byte> Start() =>
        (byte[])[Sequence, 12, Integer, 1, 1, 0x60, 7, Integer, 1, 3, OctetString, 0, 0x80, 0];

    public GreetingStep Feed(ReadOnlySpan<byte> data) => _reader.Feed(data, Read);

    private static GreetingStep Read(ref ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        byte kind = 0;
        var found = BerReader.Read(ref rest, Sequence, out var message);
        if (found == BerResult.Short)
        {
            return GreetingStep.Continue;
        }

        if (
            found == BerResult.Wrong
            || BerReader.Read(ref message, Integer, out _) != BerResult.Whole
            || message is not [BindResponse or ExtendedResponse, ..]
            || BerReader.Read(ref message, kind = message[0], out var result) != BerResult.Whole
            || BerReader.Read(ref result, Enumerated, out var code) != BerResult.Whole
            || code.Length != 1
            || BerReader.Read(ref result, OctetString, out _) != BerResult.Whole
            || BerReader.Read(ref result, OctetString, out var diagnostic) != BerResult.Whole
        )
        {
            return GreetingStep.Bad("not a directory server");
        }

        bytes = rest;
        var name = LdapResult.NameOf(code[0]);
        var text = diagnostic.IsEmpty ? name : $"{name}: {GreetingReader.Text(diagnostic)}";
        return kind == BindResponse && LdapResult.IsAnswer(code[0])
            ? GreetingStep.Good(text, Unbind)
            : GreetingStep.Bad(text, Unbind);
    }
}

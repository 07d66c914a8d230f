using Fulcrum.Protocols.Dns;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>
/// A DNS question in a datagram (RFC 1035 section 4.2.1). What answers another question, or another identifier, may be
/// forged, and is passed over (RFC 5452 section 9.1).
/// </summary>
internal sealed class DnsDatagrams(DnsExpectation expectation, ushort id) : Conversation
{
    private int _strays;

    public override string Awaited => _strays == 0 ? "an answer" : $"an answer; passed over: {_strays}";

    public override Step Begin() => Step.Speak(DnsQuery.Encode(id, expectation.Question, recursionDesired: true));

    public override Step Hear(ReadOnlySpan<byte> data)
    {
        if (DnsMessage.TryDecode(data, out _) is not { } message || !message.IsResponseTo(id, expectation.Question))
        {
            _strays++;
            return Step.Continue;
        }

        return message.IsTruncated ? Step.Truncated : Step.Finish(expectation.Judge(message));
    }
}

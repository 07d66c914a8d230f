using Fulcrum.Protocols.Dns;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>A DNS question over TCP (RFC 7766).</summary>
internal sealed class DnsStream(DnsExpectation expectation, ushort id) : Conversation
{
    private readonly DnsStreamReader _reader = new();

    public override Step Begin() =>
        Step.Speak(DnsQuery.Frame(DnsQuery.Encode(id, expectation.Question, recursionDesired: true)));

    public override Step Hear(ReadOnlySpan<byte> data)
    {
        _reader.Feed(data);
        if (!_reader.IsComplete)
        {
            return Step.Continue;
        }

        return Step.Finish(
            DnsMessage.TryDecode(_reader.Message, out var error) is not { } message ? ProbeResult.Bad(error!)
            : message.IsResponseTo(id, expectation.Question) ? expectation.Judge(message)
            : ProbeResult.Bad("an answer to another question")
        );
    }
}

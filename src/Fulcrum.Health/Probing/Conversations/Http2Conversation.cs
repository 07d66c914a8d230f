using Fulcrum.Protocols.Http2;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>One request over HTTP/2 (RFC 9113).</summary>
/// <param name="request">All that we say unasked.</param>
/// <param name="bodyLimit">How much of the answer's body is looked at.</param>
/// <param name="judge">Judges what is complete.</param>
internal sealed class Http2Conversation(
    ReadOnlyMemory<byte> request,
    int bodyLimit,
    Func<Http2Exchange, ProbeResult> judge
) : Conversation
{
    private readonly Http2Exchange _exchange = new(bodyLimit);

    public override Step Begin() => Step.Speak(request);

    public override Step Hear(ReadOnlySpan<byte> data)
    {
        if (!_exchange.Feed(data))
        {
            return Step.Finish(ProbeResult.Bad(_exchange.Error!));
        }

        var output = _exchange.TakeOutput();
        return _exchange.IsComplete ? Step.Finish(judge(_exchange), output) : Step.Speak(output);
    }
}

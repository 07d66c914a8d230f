using Fulcrum.Protocols.Http;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>One request over HTTP/1.1 (RFC 9112).</summary>
internal sealed class HttpConversation(HttpExpectation expectation, ReadOnlyMemory<byte> request) : Conversation
{
    private readonly HttpResponseReader _response = new(expectation.BodyLimit);

    public override string Awaited => _response.HasHead ? "the rest of the answer" : "an answer";

    public override Step Begin() => Step.Speak(request);

    public override Step Hear(ReadOnlySpan<byte> data) =>
        !_response.Feed(data) ? Step.Finish(ProbeResult.Bad(_response.Error!))
        : _response.IsComplete ? Judge()
        : Step.Continue;

    public override Step End() => _response.End() ? Judge() : base.End();

    private Step Judge() => Step.Finish(expectation.Judge(_response.StatusCode, _response.Body));
}

using System.Buffers;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>Says a fixed text, if any, and compares what comes back, if that is wanted.</summary>
/// <param name="send">What is said first.</param>
/// <param name="expect">What the answer must be; null: any will do, or none is waited for.</param>
/// <param name="isDatagram">Each answer is whole.</param>
internal sealed class SendExpect(ReadOnlyMemory<byte> send, AnswerPattern? expect, bool isDatagram) : Conversation
{
    /// <summary>So much of an answer is looked at.</summary>
    public const int Limit = 8 * 1024;

    private readonly ArrayBufferWriter<byte> _heard = new();

    public override Step Begin() =>
        expect is null && !isDatagram ? Step.Finish(ProbeResult.Healthy, send) : Step.Speak(send);

    public override Step Hear(ReadOnlySpan<byte> data)
    {
        _heard.Write(data[..Math.Min(data.Length, Limit - _heard.WrittenCount)]);
        var heard = _heard.WrittenSpan;
        if (expect is null || expect.Matches(heard))
        {
            return Step.Finish(ProbeResult.Healthy);
        }

        return !isDatagram && heard.Length < Limit && expect.MayMatch(heard) ? Step.Continue : Unexpected();
    }

    public override Step End() =>
        _heard.WrittenCount == 0 ? Step.Finish(ProbeResult.Bad("closed without an answer")) : Unexpected();

    private Step Unexpected() => Step.Finish(ProbeResult.Bad($"the answer is not as expected, {expect}"));
}

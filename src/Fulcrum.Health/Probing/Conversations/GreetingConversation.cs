using Fulcrum.Protocols.Greetings;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>The first words of a protocol, and an orderly farewell.</summary>
internal sealed class GreetingConversation(IGreeting greeting) : Conversation
{
    public override string Awaited => "a greeting";

    public override Step Begin() => Step.Speak(greeting.Start());

    public override Step Hear(ReadOnlySpan<byte> data)
    {
        var step = greeting.Feed(data);
        return step.Verdict switch
        {
            GreetingVerdict.Good => Step.Finish(ProbeResult.Good(step.Text), step.ToSend),
            GreetingVerdict.Bad => Step.Finish(ProbeResult.Bad(step.Text), step.ToSend),
            _ => Step.Speak(step.ToSend),
        };
    }
}

using System.Globalization;
using Fulcrum.Protocols.Agent;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>
/// What an agent beside a backend says: a weight is the backend's score, to be drained a score of nothing; down and
/// maintenance are bad results. A bound on connections is told, but not kept.
/// </summary>
internal sealed class AgentConversation(ReadOnlyMemory<byte> send) : Conversation
{
    private readonly AgentReplyReader _reader = new();

    public override string Awaited => "the agent's reply";

    public override Step Begin() => Step.Speak(send);

    public override Step Hear(ReadOnlySpan<byte> data) =>
        !_reader.Feed(data) ? Refuse()
        : _reader.Reply is { } reply ? Step.Finish(Judge(reply))
        : Step.Continue;

    public override Step End() => _reader.End() ? Step.Finish(Judge(_reader.Reply!)) : Refuse();

    private Step Refuse() => Step.Finish(ProbeResult.Bad($"no reply of an agent: {_reader.Error}"));

    private static ProbeResult Judge(AgentReply reply)
    {
        var score =
            reply.State == AgentState.Drain ? 0
            : reply.Weight is { } weight ? Math.Min(weight, 1)
            : (double?)null;
        var word = reply.State switch
        {
            AgentState.Drain => "the agent wants to be drained",
            AgentState.Down => "the agent says down",
            AgentState.Maintenance => "the agent is in maintenance",
            _ when score is { } part => $"the agent says {part.ToString("P0", CultureInfo.InvariantCulture)}",
            _ => "the agent says up",
        };
        var reason = reply.Reason is { } because ? $"{word}: {because}" : word;
        return reply.State is AgentState.Down or AgentState.Maintenance
            ? ProbeResult.Bad(reason)
            : ProbeResult.Good(reason) with
            {
                Score = score,
            };
    }
}

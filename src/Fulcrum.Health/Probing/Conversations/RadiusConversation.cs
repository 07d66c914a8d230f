using Fulcrum.Model.Checks;
using Fulcrum.Protocols.Radius;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>
/// A question to a RADIUS server. What was not made with our secret is passed over (RFC 2865 section 3), but told when
/// nothing else comes: most often the two secrets differ.
/// </summary>
internal sealed class RadiusConversation(RadiusProbe probe, RadiusRequest request) : Conversation
{
    private bool _isForged;

    public override string Awaited => _isForged ? "an answer; one came that was not made with our secret" : "an answer";

    public override Step Begin() => Step.Speak(request.Packet.ToArray());

    public override Step Hear(ReadOnlySpan<byte> data)
    {
        var verdict = request.Verify(data, out var response);
        _isForged |= verdict == RadiusVerdict.Forged;
        return response is null ? Step.Continue : Step.Finish(Judge(response));
    }

    private ProbeResult Judge(RadiusResponse response)
    {
        var reason = response.Code switch
        {
            RadiusCode.AccessAccept => probe.Method == RadiusMethod.Status ? "the server is there" : "accepted",
            RadiusCode.AccessReject => "rejected",
            _ => "challenged",
        };
        if (response.Messages.Count > 0)
        {
            reason += $": {response.Messages[0]}";
        }

        return IsExpected(response.Code) ? ProbeResult.Good(reason) : ProbeResult.Bad(reason);
    }

    private bool IsExpected(RadiusCode code) =>
        probe.Expect switch
        {
            RadiusOutcome.Accept => code == RadiusCode.AccessAccept,
            RadiusOutcome.Reject => code == RadiusCode.AccessReject,
            RadiusOutcome.Challenge => code == RadiusCode.AccessChallenge,
            _ => true,
        };
}

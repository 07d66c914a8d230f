using System.Net;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Probing.Conversations;
using Fulcrum.Health.Probing.Sockets;
using Fulcrum.Loops;
using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Probing;

/// <summary>
/// Gives out what makes the probes of a task. All that is the same for each of them (requests, expressions, addresses)
/// is made once, when the task comes.
/// </summary>
internal sealed class ProbePlanner(EventLoop loop, TimeProvider time)
{
    public Func<IProbeOwner, Probe> Plan(ProbeTask task) =>
        task.Probe switch
        {
            TcpProbe tcp => OfTcp(task, tcp),
            UdpProbe udp => OfUdp(task, udp),
            HttpProbe http => OfHttp(task, http),
            var other => throw new NotSupportedException($"{other.Kind} checks cannot be carried out"),
        };

    private Func<IProbeOwner, Probe> Stream(ProbeTask task, Func<Conversation>? conversation)
    {
        var target = ProbeTarget.Of(task);
        return owner => new StreamProbe(target, conversation?.Invoke(), loop, time, owner);
    }

    private Func<IProbeOwner, Probe> OfTcp(ProbeTask task, TcpProbe probe)
    {
        var send = Encoding.UTF8.GetBytes(probe.Send ?? "");
        var expect = AnswerPattern.Of(probe.Expect);
        return Stream(
            task,
            send.Length == 0 && expect is null ? null : () => new SendExpect(send, expect, isDatagram: false)
        );
    }

    private Func<IProbeOwner, Probe> OfUdp(ProbeTask task, UdpProbe probe)
    {
        var target = ProbeTarget.Of(task);
        var send = Encoding.UTF8.GetBytes(probe.Send);
        var expect = AnswerPattern.Of(probe.Expect);
        return owner => new DatagramProbe(
            target,
            new SendExpect(send, expect, isDatagram: true),
            null,
            loop,
            time,
            owner
        );
    }

    private Func<IProbeOwner, Probe> OfHttp(ProbeTask task, HttpProbe probe)
    {
        var expectation = new HttpExpectation(probe);
        var request = HttpRequest.Write(probe, new IPEndPoint(task.Address, task.Port).ToString());
        return Stream(task, () => new HttpConversation(expectation, request));
    }
}

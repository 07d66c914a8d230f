using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Adversaries;

/// <summary>What servers, and others in their name, do wrong in datagrams.</summary>
public sealed class DatagramAdversaryTests
{
    /// <summary>Probe, script, whether it is healthy, reason, milliseconds.</summary>
    public static TheoryData<string, string, bool, string, int> Table { get; } =
        new()
        {
            { "udp", "", false, "timed out waiting for an answer", 2500 },
            { "udp", "answer noise", true, "healthy", 0 },
            { "udp", "answer nothing", true, "healthy", 0 },
            { "udp", "spoof noise", false, "timed out waiting for an answer", 2500 },
            { "udp", "pause 2000 | answer noise", true, "healthy", 2000 },
            { "udp", "pause 2600 | answer noise", false, "timed out waiting for an answer", 2500 },
            { "udp-expect", "spoof pong | answer noise", false, "the answer is not as expected, pong", 0 },
            { "udp-expect", "spoof noise | answer pong", true, "healthy", 0 },
            { "dns", "", false, "timed out waiting for an answer", 2500 },
            { "dns", "answer dns good", true, "192.0.2.7", 0 },
            { "dns", "answer dns servfail", false, "SERVFAIL", 0 },
            { "dns", "answer dns other id", false, "timed out waiting for an answer; passed over: 1", 2500 },
            { "dns", "answer dns other id | answer dns good", true, "192.0.2.7", 0 },
            { "dns", "answer dns other question | answer dns good", true, "192.0.2.7", 0 },
            { "dns", "answer dns no response | answer dns good", true, "192.0.2.7", 0 },
            { "dns", "answer dns cut | answer dns good", true, "192.0.2.7", 0 },
            { "dns", "answer noise | answer nothing | answer dns good", true, "192.0.2.7", 0 },
            { "dns", "spoof dns servfail | answer dns good", true, "192.0.2.7", 0 },
            { "dns", "spoof dns good", false, "timed out waiting for an answer", 2500 },
            { "dns", "flood dns other id | pause 1000 | answer dns good", true, "192.0.2.7", 1000 },
            { "radius", "", false, "timed out waiting for an answer", 2500 },
            { "radius", "answer radius accept", true, "the server is there", 0 },
            { "radius", "answer radius other id", false, "timed out waiting for an answer", 2500 },
            {
                "radius",
                "answer radius other secret",
                false,
                "timed out waiting for an answer; one came that was not made with our secret",
                2500
            },
            { "radius", "answer radius other secret | answer radius accept", true, "the server is there", 0 },
            { "radius", "answer radius other id | answer radius accept", true, "the server is there", 0 },
            { "radius", "answer radius reject | answer radius accept", true, "the server is there", 0 },
            { "radius", "answer radius cut | answer noise | answer radius accept", true, "the server is there", 0 },
            { "radius", "spoof radius accept", false, "timed out waiting for an answer", 2500 },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Over_udp(string probe, string script, bool good, string reason, int milliseconds)
    {
        using var directory = new TemporaryDirectory();
        using var rig = new ProberRig();
        await using var server = new DatagramAdversary(script, rig.Time, DatagramAnswers.To);
        var secret = new SecretReference(directory.Write("secret", DatagramAnswers.Secret), null);
        var spec =
            probe == "radius"
                ? new RadiusProbe
                {
                    Method = RadiusMethod.Status,
                    Secret = secret,
                    Expect = RadiusOutcome.Any,
                }
                : ProbeKinds.Of(probe);
        await Check(rig, ProberRig.TaskFor(spec, server.EndPoint), () => server.IsIdle, good, reason, milliseconds);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("dns")]
    public async Task A_closed_port_is_told_at_once(string probe)
    {
        using var rig = new ProberRig();
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var task = ProberRig.TaskFor(ProbeKinds.Of(probe), closed.LocalEndPoint!);
        closed.Close();
        await Check(rig, task, () => true, false, "port unreachable", 0);
    }

    // The answer that did not fit is asked for over TCP, within what is left of the time.
    [Theory]
    [InlineData("answer dns truncated", "silent", "timed out waiting for an answer")]
    [InlineData("answer dns truncated", "hear | hex 00 | silent", "timed out waiting for an answer")]
    [InlineData("answer dns truncated", "hear | close", "closed before the answer was complete")]
    [InlineData("pause 1000 | answer dns truncated", "hear | silent", "timed out waiting for an answer")]
    [InlineData("answer dns truncated | answer dns good", "hear | reset", "connection reset")]
    public async Task A_truncated_answer_leads_to_tcp(string datagrams, string stream, string reason)
    {
        using var rig = new ProberRig();
        await using var overTcp = new StreamAdversary(stream, rig.Time);
        await using var overUdp = new DatagramAdversary(
            datagrams,
            rig.Time,
            DatagramAnswers.To,
            ((IPEndPoint)overTcp.EndPoint).Port
        );
        var pauses = datagrams.StartsWith("pause", StringComparison.Ordinal);
        var timesOut = reason.StartsWith("timed", StringComparison.Ordinal);
        await Check(
            rig,
            ProberRig.TaskFor(ProbeKinds.Of("dns"), overUdp.EndPoint),
            () => overTcp.IsIdle || (pauses && overUdp.IsIdle && rig.Time.Elapsed <= TimeSpan.FromMilliseconds(1000)),
            false,
            reason,
            timesOut ? 2500 : 0
        );
    }

    private static async Task Check(
        ProberRig rig,
        ProbeTask task,
        Func<bool> isIdle,
        bool good,
        string reason,
        int milliseconds
    )
    {
        await rig.Begin(task);
        var news = await rig.NewsOf(task, isIdle);
        Assert.Equal(
            (good ? Verdict.Healthy : Verdict.Unhealthy, reason, milliseconds),
            (news.Health.Verdict, news.Health.Reason, (news.At - ProberRig.Tick).TotalMilliseconds)
        );
    }
}

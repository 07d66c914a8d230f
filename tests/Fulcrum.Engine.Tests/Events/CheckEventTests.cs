using System.Net;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;

namespace Fulcrum.Engine.Tests.Events;

public sealed class CheckEventTests
{
    private static readonly ProbeTask Named = TaskOf(80);
    private static readonly ProbeTask Nameless = TaskOf(81);

    [Theory]
    [InlineData(false, false, "healthy > unhealthy")]
    [InlineData(false, true, "healthy > flapping")]
    [InlineData(true, true, null)]
    [InlineData(true, false, "flapping > unhealthy")]
    public void A_check_is_told_when_it_changes_and_not_while_it_flaps(bool was, bool flaps, string? told)
    {
        var events = CheckEvents.Of([Change(Named, was, flaps), Change(Nameless, was, flaps)], Names());
        Assert.Equal(
            told is null ? [] : [$"check/web/one/tcp {told}"],
            events.Select(one => $"{one.Subject} {one.From} > {one.To}")
        );
    }

    private static ILookup<ProbeTask, string> Names() =>
        new[] { (Task: Named, Name: "web/one/tcp") }.ToLookup(one => one.Task, one => one.Name);

    private static CheckTransition Change(ProbeTask task, bool was, bool flaps) =>
        new(1, DateTimeOffset.UnixEpoch, task, Verdict.Healthy, Verdict.Unhealthy, "refused", was, flaps);

    private static ProbeTask TaskOf(int port) =>
        new()
        {
            Probe = new TcpProbe(),
            Address = IPAddress.Loopback,
            Port = port,
            Interval = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromSeconds(1),
            Rise = 1,
            Fall = 1,
        };
}

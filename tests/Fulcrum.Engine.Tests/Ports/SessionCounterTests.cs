using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Tests.Ports;

public sealed class SessionCounterTests
{
    [Fact]
    public void Every_counter_is_summed()
    {
        object one = new SessionCounters();
        var counters = typeof(SessionCounters).GetProperties().Where(property => property.CanWrite).ToList();
        for (var at = 0; at < counters.Count; at++)
        {
            counters[at].SetValue(one, 1L << at);
        }

        var sum = (SessionCounters)one + (SessionCounters)one;
        for (var at = 0; at < counters.Count; at++)
        {
            Assert.Equal((counters[at].Name, 2L << at), (counters[at].Name, (long)counters[at].GetValue(sum)!));
        }
    }

    [Fact]
    public void Every_reason_for_which_TLS_fails_is_a_failure()
    {
        var reasons = typeof(SessionCounters)
            .GetProperties()
            .Where(property => property.Name.StartsWith("TlsFailed", StringComparison.Ordinal))
            .ToList();
        object one = new SessionCounters
        {
            TlsHandshakes = 100,
            TlsResumed = 100,
            TlsHandshakeTimeouts = 100,
        };
        reasons.ForEach(reason => reason.SetValue(one, 1L));
        Assert.Equal(11, reasons.Count);
        Assert.Equal(11, ((SessionCounters)one).TlsFailures);
    }
}

using System.Reflection;
using Fulcrum.Engine.Ports;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Tests.Sessions;

public sealed class SessionCellTests
{
    [Fact]
    public void Every_counter_is_read_and_summed_under_its_name()
    {
        var counters = typeof(SessionCell).GetFields(BindingFlags.Public | BindingFlags.Instance);
        var cells = SessionCell.Many(2);
        for (var at = 0; at < counters.Length; at++)
        {
            counters[at].SetValue(cells[0], 1L << at);
            counters[at].SetValue(cells[1], 1L << at);
        }

        object sum = SessionCell.Sum(cells);
        // Those of planes that see packets are no session's.
        string[] others =
        [
            nameof(SessionCounters.Inactive),
            nameof(SessionCounters.PacketsIn),
            nameof(SessionCounters.PacketsOut),
        ];
        var told = typeof(SessionCounters)
            .GetProperties()
            .Where(property => property.CanWrite && !others.Contains(property.Name))
            .ToList();
        Assert.Equal(counters.Select(counter => counter.Name).Order(), told.Select(property => property.Name).Order());
        for (var at = 0; at < counters.Length; at++)
        {
            var property = told.Find(one => one.Name == counters[at].Name)!;
            Assert.Equal((property.Name, 2L << at), (property.Name, (long)property.GetValue(sum)!));
        }
    }
}

using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class ProbeTaskTests
{
    private static readonly ProbeTask Task = Make();

    public static TheoryData<string, ProbeTask> Others =>
        new()
        {
            {
                nameof(ProbeTask.Probe),
                Task with
                {
                    Probe = new HttpProbe { Path = "/", Host = "b" },
                }
            },
            { nameof(ProbeTask.Address), Task with { Address = IPAddress.Parse("10.0.0.2") } },
            { nameof(ProbeTask.Port), Task with { Port = 81 } },
            { nameof(ProbeTask.Interval), Task with { Interval = TimeSpan.FromSeconds(9) } },
            { nameof(ProbeTask.FastInterval), Task with { FastInterval = TimeSpan.FromSeconds(1) } },
            { nameof(ProbeTask.DownInterval), Task with { DownInterval = TimeSpan.FromSeconds(9) } },
            { nameof(ProbeTask.Paused), Task with { Paused = true } },
            { nameof(ProbeTask.Path), Task with { Path = "/run/app.sock" } },
            { nameof(ProbeTask.Name), Task with { Name = "app.example.com" } },
            { nameof(ProbeTask.Timeout), Task with { Timeout = TimeSpan.FromSeconds(9) } },
            { nameof(ProbeTask.Rise), Task with { Rise = 9 } },
            { nameof(ProbeTask.Fall), Task with { Fall = 9 } },
            { nameof(ProbeTask.Source), Task with { Source = IPAddress.Loopback } },
            { nameof(ProbeTask.Samples), Task with { Samples = 9 } },
            { nameof(ProbeTask.Mark), Task with { Mark = 9 } },
            { nameof(ProbeTask.Through), Task with { Through = IPAddress.Loopback } },
        };

    [Fact]
    public void Those_who_ask_the_same_ask_one_question()
    {
        Assert.Equal(Task, Make());
        Assert.Equal(Task.GetHashCode(), Make().GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Whatever_differs_makes_another_question(string property, ProbeTask other)
    {
        Assert.NotEqual(Task, other);
        Assert.Contains(property, Others.Select(row => row.Data.Item1));
    }

    [Fact]
    public void Every_property_is_among_them() =>
        Assert.Equal(
            typeof(ProbeTask)
                .GetProperties()
                .Where(property => property.CanWrite)
                .Select(property => property.Name)
                .Order(StringComparer.Ordinal),
            Others.Select(row => row.Data.Item1).Order(StringComparer.Ordinal)
        );

    private static ProbeTask Make() =>
        new()
        {
            Probe = new HttpProbe { Path = "/", Host = "a" },
            Address = IPAddress.Parse("10.0.0.1"),
            Port = 80,
            Interval = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromSeconds(1),
            Rise = 2,
            Fall = 3,
        };
}

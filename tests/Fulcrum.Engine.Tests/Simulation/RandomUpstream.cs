using System.Net;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>Upstreams with every rule that decides who serves.</summary>
internal sealed class RandomUpstream(Random random)
{
    public Upstream Make(string name) =>
        new()
        {
            Name = name,
            Backends = Items.From(
                Enumerable
                    .Range(1, 5)
                    .OrderBy(_ => random.Next())
                    .Take(random.Next(1, 5))
                    .Select(i => Backend(i, name == "b" ? null : 80))
            ),
            Policy = new() { Checks = Checks(), Healthy = Healthy() },
            Recovery = random.Next(4) switch
            {
                0 => new() { Mode = RecoveryMode.SlowStart, Ramp = TimeSpan.FromSeconds(random.Next(1, 8)) },
                1 => new() { Mode = RecoveryMode.History, Samples = 10 },
                _ => null,
            },
            Eject =
                random.Next(3) == 0
                    ? new() { For = TimeSpan.FromSeconds(random.Next(1, 9)), AtMost = Amount.OfShare(0.5) }
                    : null,
        };

    private Backend Backend(int index, int? port) =>
        new()
        {
            Name = $"m{index}",
            Address =
                random.Next(12) == 0
                    ? HostAddress.Of(RandomConfiguration.HostName)
                    : HostAddress.Of(new IPAddress([10, 0, 0, (byte)index])),
            Port = port,
            Weight = random.Next(8) == 0 ? 0 : random.Next(1, 4),
            Priority = random.Next(5) == 0 ? 1 : 0,
            Status = random.Next(8) == 0 ? BackendStatus.Disabled : BackendStatus.Enabled,
            State = random.Next(10) == 0 ? (BackendState)random.Next(1, 3) : BackendState.Ready,
        };

    private Items<Check> Checks()
    {
        Check[] all =
        [
            new() { Probe = new TcpProbe() },
            new() { Probe = new HttpProbe() },
            new()
            {
                Name = "path",
                Probe = new TcpProbe(),
                Via = CheckVia.Forwarding,
            },
        ];
        return Items.From(all.Where(_ => random.Next(2) == 0));
    }

    private Watermarks? Healthy() =>
        random.Next(3) switch
        {
            0 => null,
            1 => new() { AtLeast = Amount.OfCount(2), WhenNone = (WhenNone)random.Next(2) },
            _ => new()
            {
                AtLeast = Amount.OfShare(0.6),
                KeepWhile = Amount.OfShare(0.3),
                WhenNone = (WhenNone)random.Next(2),
            },
        };
}

using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Vips;

/// <summary>The built program and its vips: while it lives, while it does not, and when it comes back.</summary>
public sealed class VipLifetimeTests : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private const string Configuration = """
        vips:
          brief: { address: [192.0.2.80, "2001:db8::80"], on: eth0, up-when: always, active: every-node, lifetime: 3s }
          lasting: { address: 192.0.2.81, on: eth0, up-when: always, active: every-node }
        """;

    private readonly Topology _network = new();
    private readonly Host _node;

    public VipLifetimeTests() => _node = _network.AddHost("node");

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_frozen_daemon_loses_them_and_has_them_again_when_it_thaws()
    {
        await using var daemon = await Daemon.Start(_node.Namespace, Configuration);
        await AreThere(true, "192.0.2.80", "192.0.2.81", "2001:db8::80");
        daemon.Signal(Stop);
        await AreThere(false, "192.0.2.80", "2001:db8::80");
        Assert.True(IsThere("192.0.2.81"));
        daemon.Signal(Continue);
        await AreThere(true, "192.0.2.80", "2001:db8::80");
    }

    [Fact]
    public async Task A_killed_daemon_that_comes_back_takes_nothing_away()
    {
        var configuration = Configuration.Replace("3s", "10m", StringComparison.Ordinal);
        await using var daemon = await Daemon.Start(_node.Namespace, configuration);
        await AreThere(true, "192.0.2.80", "192.0.2.81", "2001:db8::80");
        using var watch = new AddressWatch(_node.Namespace);
        await watch.Begin();
        await daemon.Kill();
        await daemon.Run();
        // Something that is told after all that the start may have brought about.
        await Wait.Until(() => daemon.Command("get", "vips").Output.Split("up").Length > 2, "the vips to be up again");
        _node.Namespace.Ip("address", "add", "192.0.2.200/32", "dev", "eth0");
        await watch.Until("192.0.2.200");
        Assert.DoesNotContain(watch.Lines, line => line.StartsWith("Deleted", StringComparison.Ordinal));

        // Who is told to stop gives them back.
        await daemon.Stop();
        Assert.False(IsThere("192.0.2.80") || IsThere("192.0.2.81") || IsThere("2001:db8::80"));
    }

    private Task AreThere(bool whether, params string[] addresses) =>
        Wait.Until(
            () => addresses.All(address => IsThere(address) == whether),
            $"{string.Join(", ", addresses)} to be {(whether ? "there" : "gone")}"
        );

    private bool IsThere(string address) =>
        JsonNode.Parse(_node.Namespace.Ip("-json", "address", "show", "dev", "eth0"))![0]!["addr_info"]!
            .AsArray()
            .Any(one => (string?)one?["local"] == address);
}

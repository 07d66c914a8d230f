using Fulcrum.Interop.Tests.Peers;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class RadiusTests(RadiusTests.Server server) : IClassFixture<RadiusTests.Server>
{
    private const int Port = 1812;
    private const int Closed = 1813;

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(RadiusMethod.Pap, "alice", "wonderland", RadiusOutcome.Accept, true, "accepted: hello, alice")]
    [InlineData(RadiusMethod.Chap, "alice", "wonderland", RadiusOutcome.Accept, true, "accepted: hello, alice")]
    [InlineData(RadiusMethod.Pap, "alice", "looking glass", RadiusOutcome.Accept, false, "rejected: hello, alice")]
    [InlineData(RadiusMethod.Chap, "alice", "looking glass", RadiusOutcome.Reject, true, "rejected: hello, alice")]
    [InlineData(RadiusMethod.Pap, "mallory", "x", RadiusOutcome.Reject, true, "rejected")]
    [InlineData(RadiusMethod.Pap, "mallory", "x", RadiusOutcome.Any, true, "rejected")]
    [InlineData(RadiusMethod.Pap, "alice", "wonderland", RadiusOutcome.Reject, false, "accepted: hello, alice")]
    [InlineData(RadiusMethod.Pap, "carol", "x", RadiusOutcome.Challenge, true, "challenged: the code, please")]
    [InlineData(RadiusMethod.Pap, "carol", "x", RadiusOutcome.Accept, false, "challenged: the code, please")]
    public async Task A_login_is_judged_by_its_outcome(
        RadiusMethod method,
        string user,
        string password,
        RadiusOutcome expect,
        bool isHealthy,
        string reason
    )
    {
        var probe = new RadiusProbe
        {
            Method = method,
            User = user,
            Password = server.Secret(password),
            Secret = server.Secret("s3cret\n"),
            Expect = expect,
        };
        Assert.Equal(isHealthy ? Healthy(reason) : Unhealthy(reason), await server.Ask(probe, Port));
    }

    [Fact]
    public async Task A_server_that_is_there_says_so() =>
        Assert.Equal(Healthy("the server is there"), await server.Ask(Status("s3cret"), Port));

    /// <summary>The server drops what is not signed with its secret (RFC 3579 section 3.2).</summary>
    [Fact]
    public async Task Another_secret_is_met_with_silence()
    {
        var finding = await server.Ask(Status("another"), Port, task => task with { Timeout = Soon });
        Assert.Equal(Unhealthy("timed out waiting for an answer"), finding);
        Assert.True((await server.Peer()).Log.Contains("Shared secret is incorrect"));
    }

    [Fact]
    public async Task A_closed_port_is_told_at_once() =>
        Assert.Equal(Unhealthy("port unreachable"), await server.Ask(Status("s3cret"), Closed));

    [Fact]
    public async Task A_port_that_drops_is_a_time_out()
    {
        var home = await server.Home();
        home.Run("nft", "add table inet silent");
        home.Run("nft", "add chain inet silent in { type filter hook input priority 0; }");
        home.Run("nft", "add rule inet silent in udp dport 1814 drop");
        var finding = await server.Ask(Status("s3cret"), 1814, task => task with { Timeout = Soon });
        Assert.Equal(Unhealthy("timed out waiting for an answer"), finding);
    }

    [Fact]
    public async Task A_secret_that_is_not_there_condemns_nobody()
    {
        var probe = new RadiusProbe { Method = RadiusMethod.Status, Secret = new("/no/such/secret", null) };
        var task = Inquiry.TaskFor(probe, System.Net.IPAddress.Loopback, Port);
        var finding = await Inquiry.Word(task, await server.Home());
        Assert.Equal(
            Unknown("cannot read /no/such/secret: Could not find a part of the path '/no/such/secret'."),
            finding
        );
    }

    private RadiusProbe Status(string secret) => new() { Method = RadiusMethod.Status, Secret = server.Secret(secret) };

    public sealed class Server : Shared<FreeradiusPeer>
    {
        internal SecretReference Secret(string text) => new(Folder.Write(Guid.NewGuid().ToString("N"), text), null);

        protected override Task<FreeradiusPeer> Start(NetworkNamespace home) => FreeradiusPeer.Start(home);
    }
}

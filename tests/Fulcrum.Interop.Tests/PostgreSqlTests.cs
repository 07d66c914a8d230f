using System.Net;
using System.Net.Sockets;
using Fulcrum.Interop.Tests.Peers;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class PostgreSqlTests(PostgreSqlTests.Server server) : IClassFixture<PostgreSqlTests.Server>
{
    private const int Port = 5432;
    private const int Terminate = 15;

    private const string Access = """
        host all postgres 127.0.0.1/32 trust
        host all nobody,crowd 127.0.0.1/32 trust
        host all ann 127.0.0.1/32 password
        host all bob 127.0.0.1/32 md5
        host all eve 127.0.0.1/32 reject
        host all fulcrum 127.0.0.1/32 scram-sha-256

        """;

    private static readonly GreetingProbe Probe = new("postgresql");

    [Theory]
    [InlineData(null, "authentication by SASL")]
    [InlineData("ann", "authentication by password")]
    [InlineData("bob", "authentication by SASL")]
    [InlineData("nobody", "FATAL: role \"nobody\" does not exist (28000)")]
    [InlineData(
        "eve",
        "FATAL: pg_hba.conf rejects connection for host \"127.0.0.1\", user \"eve\", database \"eve\", no encryption (28000)"
    )]
    [InlineData(
        "stranger",
        "FATAL: no pg_hba.conf entry for host \"127.0.0.1\", user \"stranger\", database \"stranger\", no encryption (28000)"
    )]
    public async Task Whatever_the_server_says_of_the_user_it_serves(string? user, string reason) =>
        Assert.Equal(Healthy(reason), await server.Ask(Probe with { User = user }, Port));

    [Fact]
    public async Task A_session_that_is_granted_tells_the_version() =>
        Assert.Equal(Healthy(PostgresPeer.Version), await server.Ask(Probe with { User = "postgres" }, Port));

    /// <summary>That is counted after the authentication.</summary>
    [Fact]
    public async Task A_server_without_room_is_unhealthy() =>
        Assert.Equal(
            Unhealthy("FATAL: too many connections for role \"crowd\" (53300)"),
            await server.Ask(Probe with { User = PostgresPeer.Full }, Port)
        );

    [Fact]
    public async Task A_server_that_serves_nobody_yet_is_unhealthy()
    {
        using var home = NetworkNamespace.Create("postgres");
        await using var peer = await PostgresPeer.Start(home, Access, isStandby: true);
        await Say(home, "FATAL: the database system is not accepting connections (57P03)");
    }

    [Fact]
    public async Task A_server_that_only_waits_for_its_last_session_is_unhealthy()
    {
        using var home = NetworkNamespace.Create("postgres");
        await using var peer = await PostgresPeer.Start(home, Access);
        await peer.WaitForLog("ready to accept connections");
        using var session = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await session.ConnectAsync(IPAddress.Loopback, Port);
        await session.SendAsync(new Protocols.PostgreSql.PostgreSqlGreeting("postgres").Start());
        Assert.NotEqual(0, await session.ReceiveAsync(new byte[512]));
        peer.Signal(Terminate);
        await Say(home, "FATAL: the database system is shutting down (57P03)");
    }

    // Before it there may be other words: a server passes through several states in a moment.
    private static Task Say(NetworkNamespace home, string reason) =>
        Wait.Until(
            async () =>
                await Inquiry.Verdict(Inquiry.TaskFor(Probe, IPAddress.Loopback, Port), home) == Unhealthy(reason),
            $"the server to say '{reason}'"
        );

    public sealed class Server : Shared<PostgresPeer>
    {
        protected override async Task<PostgresPeer> Start(NetworkNamespace home)
        {
            var peer = await PostgresPeer.Start(home, Access);
            await peer.WaitForLog("ready to accept connections");
            return peer;
        }
    }
}

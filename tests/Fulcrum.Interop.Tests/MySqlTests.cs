using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Interop.Tests.Peers;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class MySqlTests(MySqlTests.Server server) : IClassFixture<MySqlTests.Server>
{
    private const int Port = 3306;

    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.10");
    private static readonly IPAddress Prober = IPAddress.Parse("192.0.2.20");

    [Theory]
    [InlineData(null)]
    [InlineData("nobody")]
    [InlineData("open")]
    [InlineData("native")]
    [InlineData("modern")]
    public async Task Whoever_is_asked_for_the_server_is_healthy(string? user) =>
        Assert.Equal(Healthy(MariadbPeer.Version), await server.Ask(new GreetingProbe("mysql") { User = user }, Port));

    /// <summary>
    /// A server shuts out a host whose handshakes were left unfinished too often in a row
    /// (<c>max_connect_errors</c>). That it would have counted is shown by a client that does leave them.
    /// </summary>
    [Fact]
    public async Task Any_number_of_probes_does_not_get_their_host_blocked()
    {
        var home = await server.Home();
        var task = Inquiry.TaskFor(new GreetingProbe("mysql"), Address, Port) with { Source = Prober };
        var report = await Inquiry.Often(task, 20 * MariadbPeer.MostErrors, home);
        Assert.Equal((Verdict.Healthy, 0), (report.Health.Verdict, (int)report.Transitions - 1));

        for (var rude = 0; rude < MariadbPeer.MostErrors; rude++)
        {
            using var client = await Connect(home, Prober);
            Assert.NotEqual(0, await client.ReceiveAsync(new byte[512]));
            TestKit.Load.TcpServer.Reset(client);
        }

        var blocked = Unhealthy(
            $"Host '{Prober}' is blocked because of many connection errors; "
                + "unblock with 'mariadb-admin flush-hosts' (1129)"
        );
        await Wait.Until(async () => await Inquiry.Verdict(task, home) == blocked, $"{blocked}");
    }

    [Fact]
    public async Task One_connection_too_many_is_told()
    {
        var home = await server.Home();
        var clients = new List<Socket>();
        try
        {
            // One more than is allowed, which is kept for the administrator.
            for (var i = 0; i <= MariadbPeer.MostConnections; i++)
            {
                clients.Add(await Connect(home, IPAddress.Loopback));
                Assert.NotEqual(0, await clients[^1].ReceiveAsync(new byte[512]));
            }

            Assert.Equal(Unhealthy("Too many connections (1040)"), await server.Ask(new GreetingProbe("mysql"), Port));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<Socket> Connect(NetworkNamespace home, IPAddress from)
    {
        var socket = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.IsLoopback(from) ? from : Address, Port);
        return socket;
    }

    public sealed class Server : Shared<MariadbPeer>
    {
        protected override Task<MariadbPeer> Start(NetworkNamespace home)
        {
            home.Ip("address", "add", $"{Address}/32", "dev", "lo");
            home.Ip("address", "add", $"{Prober}/32", "dev", "lo");
            return MariadbPeer.Start(
                home,
                $"{Prober} lb1.example.com",
                """
                CREATE USER open;
                CREATE USER native IDENTIFIED BY 'x';
                INSTALL SONAME 'auth_ed25519';
                CREATE USER modern IDENTIFIED VIA ed25519 USING PASSWORD('x');

                """
            );
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests;

/// <summary>HAProxy asks the same agent as we do, and tells what it understands.</summary>
public sealed class AgentTests(AgentTests.Server server) : IClassFixture<AgentTests.Server>
{
    [Theory]
    [InlineData("up", "no check", 100, Verdict.Healthy, null, "the agent says up")]
    [InlineData("50%", "no check", 50, Verdict.Healthy, 0.5, "the agent says 50 %")]
    [InlineData("75% maxconn:30", "no check", 75, Verdict.Healthy, 0.75, "the agent says 75 %")]
    [InlineData("up,30%", "no check", 30, Verdict.Healthy, 0.3, "the agent says 30 %")]
    [InlineData("150%", "no check", 150, Verdict.Healthy, 1.0, "the agent says 100 %")]
    [InlineData("drain", "DRAIN (agent)", 100, Verdict.Healthy, 0.0, "the agent wants to be drained")]
    [InlineData("down # too much", "DOWN (agent)", 100, Verdict.Unhealthy, null, "the agent says down: too much")]
    [InlineData("stopped", "DOWN (agent)", 100, Verdict.Unhealthy, null, "the agent says down")]
    [InlineData("fail", "DOWN (agent)", 100, Verdict.Unhealthy, null, "the agent says down")]
    [InlineData("maint", "MAINT", 100, Verdict.Unhealthy, null, "the agent is in maintenance")]
    public async Task An_agent_is_understood_as_HAProxy_understands_it(
        string reply,
        string status,
        int weight,
        Verdict verdict,
        double? score,
        string reason
    )
    {
        await server.Reply("up ready 100%", "no check", 100);
        await server.Reply(reply, status, weight);
        var task = Inquiry.TaskFor(new AgentProbe(), IPAddress.Loopback, Server.Port);
        var health = await Inquiry.Health(task, await server.Home());
        Assert.Equal((verdict, score, reason), (health.Verdict, health.Score, health.Reason));
    }

    public sealed class Server : Shared<HaproxyPeer>
    {
        internal const int Port = 9999;
        private const int Listen = 80;

        private string _reply = "up";
        private TcpServer? _agent;

        /// <summary>Lets the agent say it from now on, and waits until HAProxy shows what it makes of it.</summary>
        internal async Task Reply(string reply, string status, int weight)
        {
            _ = await Peer();
            Volatile.Write(ref _reply, reply);
            var wanted = $"{status}, {weight}";
            await Wait.Until(async () => await Shown() == wanted, $"HAProxy to show {wanted} on '{reply}'");
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (_agent is not null)
            {
                await _agent.DisposeAsync();
            }
        }

        protected override Task<HaproxyPeer> Start(NetworkNamespace home)
        {
            _agent = TcpServer.Start(
                home,
                new(IPAddress.Loopback, Port),
                async socket =>
                {
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"{Volatile.Read(ref _reply)}\n"));
                    socket.Shutdown(SocketShutdown.Both);
                }
            );
            return HaproxyPeer.Start(
                home,
                new(IPAddress.Loopback, Listen),
                $"""
                global
                  stats socket {Folder.PathOf("control")}
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                listen test
                  bind 127.0.0.1:{Listen}
                  server a 127.0.0.1:1 weight 100 agent-check agent-port {Port} agent-inter 20ms
                """
            );
        }

        // A table of comma-separated values with a head.
        private async Task<string> Shown()
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Folder.PathOf("control")));
            }
            catch (SocketException)
            {
                // Its ports come first, and its socket a moment later.
                return "nothing yet";
            }

            await socket.SendAsync("show stat test 4 -1\n"u8.ToArray());
            using var reader = new StreamReader(new NetworkStream(socket));
            var head = (await reader.ReadLineAsync())!.TrimStart('#', ' ').Split(',');
            var row = (await reader.ReadLineAsync())!.Split(',');
            return $"{row[Array.IndexOf(head, "status")]}, {row[Array.IndexOf(head, "weight")]}";
        }
    }
}

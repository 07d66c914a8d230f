using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Tracing;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What the engine foretells of a connection is what the plane does with it.</summary>
public sealed class TraceTests
{
    private const int Backends = 5;

    [Theory]
    [InlineData(BalanceAlgorithm.SourceHash, HashKey.SourceAddress)]
    [InlineData(BalanceAlgorithm.Maglev, HashKey.SourceAddress)]
    [InlineData(BalanceAlgorithm.Maglev, HashKey.SourceAddressAndPort)]
    [InlineData(BalanceAlgorithm.Rendezvous, HashKey.SourceAddress)]
    [InlineData(BalanceAlgorithm.Ketama, HashKey.SourceAddressAndPort)]
    [InlineData(BalanceAlgorithm.First, HashKey.SourceAddress)]
    public async Task A_client_comes_to_the_backend_that_was_foretold(BalanceAlgorithm algorithm, HashKey hash)
    {
        await using var harness = new PlaneHarness();
        var servers = Enumerable.Range(0, Backends).Select(_ => Sockets.Listen()).ToList();
        try
        {
            var port = PlaneHarness.FreePort();
            var state = Decide(new() { Algorithm = algorithm, Hash = hash }, ClientRules.None, port, servers);
            await harness.ApplyAsync(state.Desired.TableOf(PlaneKind.Proxy));
            var target = new IPEndPoint(IPAddress.Loopback, port);
            for (var client = 1; client <= 16; client++)
            {
                using var socket = await ConnectAsync($"127.0.0.{client}", target);
                var source = (IPEndPoint)socket.LocalEndPoint!;
                var foretold = Tracer.Trace(state, new(TraceProtocol.Tcp, source, target)).Backends.Single().Port;
                var server = servers.Single(one => ((IPEndPoint)one.LocalEndPoint!).Port == foretold);
                using var accepted = await server.AcceptOneAsync();
                await accepted.SendAllAsync(new byte[] { (byte)client });
                Assert.Equal(client, (await socket.ReceiveExactlyAsync(1))[0]);
            }
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    [Fact]
    public async Task A_client_is_refused_that_was_foretold_to_be()
    {
        await using var harness = new PlaneHarness();
        using var server = Sockets.Listen();
        var rules = new ClientRules
        {
            Allow = [IPNetwork.Parse("127.0.0.0/28"), IPNetwork.Parse("127.0.0.5/32")],
            Deny = [IPNetwork.Parse("127.0.0.4/30"), IPNetwork.Parse("127.0.0.9/32")],
        };
        var port = PlaneHarness.FreePort();
        var state = Decide(Balance.Default, rules, port, [server]);
        await harness.ApplyAsync(state.Desired.TableOf(PlaneKind.Proxy));
        var target = new IPEndPoint(IPAddress.Loopback, port);
        var refused = 0;
        for (var client = 1; client <= 18; client++)
        {
            var address = IPAddress.Parse($"127.0.0.{client}");
            var foretold = Tracer.Trace(state, new(TraceProtocol.Tcp, new(address, 40_000), target)).Outcome;
            refused += foretold == TraceOutcome.Refused ? 1 : 0;
            var before = harness.Counters.Refused;
            try
            {
                using var socket = await ConnectAsync(address.ToString(), target);
                if (foretold == TraceOutcome.Refused)
                {
                    await socket.AssertResetAsync();
                }
                else
                {
                    using var accepted = await server.AcceptOneAsync();
                }
            }
            catch (SocketException exception)
                when (foretold == TraceOutcome.Refused && exception.SocketErrorCode == SocketError.ConnectionReset)
            {
                // The reset may be there before the connection is known to stand.
            }

            Assert.Equal(foretold == TraceOutcome.Refused ? before + 1 : before, harness.Counters.Refused);
        }

        Assert.Equal(7, refused);
    }

    private static DerivedState Decide(Balance balance, ClientRules rules, int port, IReadOnlyList<Socket> servers)
    {
        var snapshot = Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "u",
                    Policy = new() { Balance = balance },
                    Backends = Items.From(
                        servers.Select(server => new Backend
                        {
                            Address = HostAddress.Of(IPAddress.Loopback),
                            Port = ((IPEndPoint)server.LocalEndPoint!).Port,
                        })
                    ),
                },
            ]),
            Services = Named<Service>.From([
                new()
                {
                    Name = "s",
                    Upstream = "u",
                    Client = rules,
                    Listeners =
                    [
                        new()
                        {
                            Protocol = ListenerProtocol.Tcp,
                            Address = IPAddress.Loopback,
                            Ports = PortRange.Of(port),
                        },
                    ],
                },
            ]),
        };
        var inputs = EngineInputs.Nothing with { Snapshot = snapshot };
        return Deriver.Derive(inputs, DerivedState.Initial, DateTimeOffset.UnixEpoch).Next;
    }

    private static async Task<Socket> ConnectAsync(string source, IPEndPoint target)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
            await socket.ConnectAsync(target).WaitAsync(TimeSpan.FromSeconds(30));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net.Sockets;
using System.Text;
using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Plane;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Clients that come by a path, and the file that leads them there.</summary>
public sealed class UnixListenerTests : IDisposable
{
    private const UnixFileMode ForAll = Listener.DefaultMode | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _folder = new();

    private string Path => _folder.PathOf("in.sock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_direction_ends_by_itself()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        await ServeAsync(harness, backend);
        using var client = await UnixSockets.ConnectAsync(Path);
        await client.SendAllAsync("question"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        using var server = await backend.AcceptOneAsync();
        Assert.Equal("question"u8.ToArray(), await server.ReceiveToEndAsync());
        await server.SendAllAsync("answer"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal("answer"u8.ToArray(), await client.ReceiveToEndAsync());
        await harness.UntilActiveAsync(0);
        Assert.Equal((8, 6), (harness.Counters.BytesIn, harness.Counters.BytesOut));
    }

    [Fact]
    public async Task Whoever_connects_is_served_by_one_of_the_loops()
    {
        await using var harness = new PlaneHarness(loops: 3);
        using var backend = Sockets.Listen();
        var echo = Sockets.EchoAsync(backend);
        await ServeAsync(harness, backend);
        await AskAsync(100);
        Assert.Equal(100, harness.Counters.Total);
        backend.Close();
        await echo;
    }

    [Fact]
    public async Task An_abstract_name_has_no_file()
    {
        var name = $"@fulcrum-{Guid.NewGuid():N}";
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        await harness.ApplyAsync(TableOf(harness, UnixSockets.Listener(name), backend));
        using var client = await UnixSockets.ConnectAsync(name);
        await client.SendAllAsync("x"u8.ToArray());
        using var server = await backend.AcceptOneAsync();
        Assert.Equal("x"u8.ToArray(), await server.ReceiveExactlyAsync(1));
        await using var other = new PlaneHarness();
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            other.ApplyAsync(TableOf(other, UnixSockets.Listener(name), backend))
        );
        Assert.Contains(name, Assert.Single(refusal.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_for_the_users_whom_the_mode_names_and_the_next_table_may_name_others()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        await ServeAsync(harness, backend);
        Assert.Equal(Listener.DefaultMode, File.GetUnixFileMode(Path));
        using var client = await UnixSockets.ConnectAsync(Path);
        using var server = await backend.AcceptOneAsync();
        await harness.ApplyAsync(TableOf(harness, UnixSockets.Listener(Path) with { Mode = ForAll }, backend));
        Assert.Equal(ForAll, File.GetUnixFileMode(Path));
        await client.SendAllAsync("still here"u8.ToArray());
        Assert.Equal("still here"u8.ToArray(), await server.ReceiveExactlyAsync(10));
    }

    [Fact]
    public async Task A_file_that_was_left_behind_is_replaced()
    {
        using (var former = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            former.Bind(new UnixDomainSocketEndPoint(_folder.PathOf("left")));
            File.Move(_folder.PathOf("left"), Path);
        }
        Assert.True(File.Exists(Path));
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        await ServeAsync(harness, backend);
        using var client = await UnixSockets.ConnectAsync(Path);
        using var server = await backend.AcceptOneAsync();
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Seqpacket)]
    [InlineData(SocketType.Dgram)]
    public async Task A_socket_that_is_somebodys_stays_his(SocketType type)
    {
        using var other = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Path));
        if (type != SocketType.Dgram)
        {
            other.Listen();
        }
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() => ServeAsync(harness, backend));
        var problem = Assert.Single(refusal.Problems);
        Assert.Contains($"listen on unix:{Path}", problem.Message, StringComparison.Ordinal);
        Assert.Equal("a path that no other process listens on", problem.Expected);
        Assert.True(File.Exists(Path));
    }

    [Fact]
    public async Task What_is_no_socket_is_not_touched()
    {
        await File.WriteAllTextAsync(Path, "dear to somebody", TestContext.Current.CancellationToken);
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() => ServeAsync(harness, backend));
        Assert.Contains("no socket", Assert.Single(refusal.Problems).Message, StringComparison.Ordinal);
        Assert.Equal("dear to somebody", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_path_does_not_change_its_kind_in_one_step()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        await ServeAsync(harness, backend);
        var other = UnixSockets.Listener(Path, ListenerProtocol.UnixSeqpacket);
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
            harness.ApplyAsync(TableOf(harness, other, backend))
        );
        Assert.Contains("first take it away", Assert.Single(refusal.Problems).Message, StringComparison.Ordinal);
        await harness.ApplyAsync(harness.Table());
        await harness.ApplyAsync(TableOf(harness, other, backend));
        using var client = await UnixSockets.ConnectAsync(Path, SocketType.Seqpacket);
    }

    [Fact]
    public async Task All_who_come_by_a_path_are_one_client_to_who_remembers_clients()
    {
        await using var harness = new PlaneHarness { Persist = new() { Timeout = TimeSpan.FromMinutes(1) } };
        using var one = Sockets.Listen();
        using var other = Sockets.Listen();
        var echoes = Task.WhenAll(Sockets.EchoAsync(one), Sockets.EchoAsync(other));
        await harness.ApplyAsync(
            harness.Table(
                harness.Service(
                    UnixSockets.Listener(Path),
                    PlaneHarness.Backend(one.LocalEndPoint!),
                    PlaneHarness.Backend(other.LocalEndPoint!)
                )
            )
        );
        for (var time = 0; time < 6; time++)
        {
            using var client = await UnixSockets.ConnectAsync(Path);
            await harness.UntilActiveAsync(1);
            client.Close();
            await harness.UntilActiveAsync(0);
        }
        var totals = harness.Observed.Backends.Select(backend => backend.Counters.Total);
        Assert.Equal([0, 6], totals.Order());
        one.Close();
        other.Close();
        await echoes;
    }

    [Fact]
    public async Task The_file_goes_with_its_listener_and_comes_back_with_it()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        await ServeAsync(harness, backend);
        using var client = await UnixSockets.ConnectAsync(Path);
        using var server = await backend.AcceptOneAsync();
        await harness.ApplyAsync(harness.Table());
        Assert.False(File.Exists(Path));
        await client.SendAllAsync("still here"u8.ToArray());
        Assert.Equal("still here"u8.ToArray(), await server.ReceiveExactlyAsync(10));
        await ServeAsync(harness, backend);
        using var next = await UnixSockets.ConnectAsync(Path);
        using var nextServer = await backend.AcceptOneAsync();
    }

    [Fact]
    public async Task The_file_goes_when_the_listener_does_not_come_about()
    {
        await using var harness = new PlaneHarness();
        using var backend = Sockets.Listen();
        await using (
            await harness.Plane.PrepareAsync(
                TableOf(harness, UnixSockets.Listener(Path), backend),
                TestContext.Current.CancellationToken
            )
        )
        {
            Assert.True(File.Exists(Path));
        }
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task The_file_goes_with_the_plane_but_for_one_that_somebody_has_put_in_its_place()
    {
        using var backend = Sockets.Listen();
        await using (var harness = new PlaneHarness())
        {
            await ServeAsync(harness, backend);
        }
        Assert.False(File.Exists(Path));
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await using (var harness = new PlaneHarness())
        {
            await ServeAsync(harness, backend);
            File.Delete(Path);
            other.Bind(new UnixDomainSocketEndPoint(Path));
        }
        Assert.True(File.Exists(Path));
    }

    [Fact]
    public async Task A_plane_that_takes_over_is_reached_by_the_same_file()
    {
        using var backend = Sockets.Listen();
        var echo = Sockets.EchoAsync(backend);
        var old = new PlaneHarness(loops: 2);
        await ServeAsync(old, backend);
        using var inherited = new InheritedSockets();
        foreach (var socket in await old.Plane.ShareAsync())
        {
            Assert.Equal($"unix:{Path}", socket.Name);
            Assert.Null(inherited.Add(socket.Descriptor, isLent: false));
        }
        await using (var stranger = new PlaneHarness())
        {
            _ = await Assert.ThrowsAsync<PlaneRefusedException>(() => ServeAsync(stranger, backend));
        }
        await using (var next = new PlaneHarness(loops: 3, inherited: inherited))
        {
            await ServeAsync(next, backend);
            await old.Plane.HandOverAsync(Deadline, null, TestContext.Current.CancellationToken);
            await old.DisposeAsync();
            Assert.True(File.Exists(Path));
            await AskAsync(30);
            Assert.Equal(30, next.Counters.Total);
        }
        Assert.False(File.Exists(Path));
        backend.Close();
        await echo;
    }

    [Fact]
    public async Task The_file_of_a_socket_that_is_lent_is_its_owners()
    {
        using var backend = Sockets.Listen();
        using var lender = UnixSockets.Listen(Path);
        using var inherited = new InheritedSockets();
        Assert.Null(inherited.Add(SocketCalls.Duplicate((int)lender.Handle), isLent: true));
        await using (var harness = new PlaneHarness(inherited: inherited))
        {
            await ServeAsync(harness, backend);
            using var client = await UnixSockets.ConnectAsync(Path);
            using var server = await backend.AcceptOneAsync();
            foreach (var socket in await harness.Plane.ShareAsync())
            {
                Assert.True(socket.IsLent);
                SocketCalls.Close(socket.Descriptor);
            }
        }
        Assert.True(File.Exists(Path));
    }

    [Fact]
    public async Task Who_has_no_address_is_in_no_list_of_addresses()
    {
        await using var harness = new PlaneHarness
        {
            Client = new ClientRules { Deny = [System.Net.IPNetwork.Parse("0.0.0.0/0")], MaxConnectionsPerAddress = 1 },
        };
        using var backend = Sockets.Listen();
        await ServeAsync(harness, backend);
        using var one = await UnixSockets.ConnectAsync(Path);
        using var other = await UnixSockets.ConnectAsync(Path);
        await harness.UntilActiveAsync(2);
        var page = await harness.Plane.Sessions.ReadAsync(new(), TestContext.Current.CancellationToken);
        Assert.All(page.Sessions, session => Assert.Equal(("unix", "unix"), (session.Client, session.Protocol)));
        Assert.Equal(2, page.Sessions.Count);
        harness.Client = new ClientRules { Allow = [System.Net.IPNetwork.Parse("::/0")] };
        await ServeAsync(harness, backend);
        using var third = await UnixSockets.ConnectAsync(Path);
        Assert.Empty(await third.ReceiveToEndAsync());
        Assert.Equal(1, harness.Counters.RefusedByRule);
    }

    [Fact]
    public async Task A_header_says_that_the_client_came_by_a_path()
    {
        await using var harness = new PlaneHarness
        {
            Connect = new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V1 } },
        };
        using var backend = Sockets.Listen();
        await ServeAsync(harness, backend);
        using (await UnixSockets.ConnectAsync(Path))
        {
            using var server = await backend.AcceptOneAsync();
            Assert.Equal("PROXY UNKNOWN\r\n", Encoding.ASCII.GetString(await server.ReceiveExactlyAsync(15)));
        }
        harness.Connect = new() { ProxyProtocol = new() { Version = ProxyProtocolVersion.V2 } };
        await ServeAsync(harness, backend);
        using var client = await UnixSockets.ConnectAsync(Path);
        using var second = await backend.AcceptOneAsync();
        var header = await second.ReceiveExactlyAsync(16 + 216);
        Assert.Equal([0x21, 0x31, 0, 216], header[12..16]);
        Assert.Equal(new byte[108], header[16..124]);
        Assert.Equal(Path, Encoding.ASCII.GetString(header[124..]).TrimEnd('\0'));
    }

    private Task ServeAsync(PlaneHarness harness, Socket backend) =>
        harness.ApplyAsync(TableOf(harness, UnixSockets.Listener(Path), backend));

    private static PlaneTable TableOf(PlaneHarness harness, Listener listener, Socket backend) =>
        harness.Table(harness.Service(listener, PlaneHarness.Backend(backend.LocalEndPoint!)));

    private async Task AskAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            using var client = await UnixSockets.ConnectAsync(Path);
            await client.SendAllAsync("ask"u8.ToArray());
            Assert.Equal("ask"u8.ToArray(), await client.ReceiveExactlyAsync(3));
        }
    }
}

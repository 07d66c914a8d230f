using System.Net;
using System.Net.Sockets;
using Fulcrum.Api.Access.Tokens;
using Fulcrum.Model;
using Fulcrum.Model.Access;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests.Access;

/// <summary>What the settings and their files say is so within a second, without a restart.</summary>
public sealed class ListenerFollowTests : AccessTest
{
    [Fact]
    public async Task Listeners_come_and_go_and_the_others_stay()
    {
        var first = new IPEndPoint(IPAddress.Loopback, FreePort());
        var second = new IPEndPoint(IPAddress.IPv6Loopback, FreePort());
        await using var server = await StartAsync(Open() with { Listen = [first] });
        using var standing = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
        {
            BaseAddress = new($"http://{first}"),
        };
        Assert.True(await AnswersAsync(standing));
        var connections = Connections(first.Port);
        await FollowAsync(server, Open() with { Listen = [first, second] }, 2);
        using var other = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
        {
            BaseAddress = new($"http://{second}"),
        };
        Assert.True(await AnswersAsync(other));
        Assert.True(await AnswersAsync(standing));
        // The very same one.
        Assert.Equal(connections, Connections(first.Port));
        await FollowAsync(server, Open() with { Listen = [second] }, 1);
        await Assert.ThrowsAsync<HttpRequestException>(() => AnswersAsync(standing));
        Assert.True(await AnswersAsync(other));
        await FollowAsync(server, new ApiSettings(), 0);
    }

    [Fact]
    public async Task A_place_that_is_taken_keeps_the_node_from_starting()
    {
        using var taken = Listen(out var place);
        var error = await Assert.ThrowsAsync<IOException>(() => StartAsync(Open() with { Listen = [place] }));
        Assert.Equal($"{place}: Address already in use", error.Message);
        // Nothing is left behind.
        File.Delete(Socket);
        await using var server = await StartAsync(Open());
    }

    [Fact]
    public async Task A_place_that_is_taken_later_is_a_trouble_until_it_is_free()
    {
        await using var server = await StartAsync(new ApiSettings());
        var taken = Listen(out var place);
        await ApplyAsync(Parts() with { Api = Open() with { Listen = [place] } });
        await TickUntilAsync(
            async () => (await StatusAsync()).Contains($"\"name\": \"{place}\"", StringComparison.Ordinal),
            "the trouble to be shown"
        );
        taken.Dispose();
        await TickUntilAsync(() => Task.FromResult(server.Addresses.Any()), "the place to be had");
        await TickUntilAsync(
            async () => !(await StatusAsync()).Contains("Address already in use", StringComparison.Ordinal),
            "the trouble to be gone"
        );
    }

    [Fact]
    public async Task Tokens_come_and_go()
    {
        await using var server = await StartAsync(Open());
        var secret = Token("alice", AccessRole.Reader);
        using var http = Client(server, secret);
        await TickUntilAsync(async () => await AskAsync(http) == HttpStatusCode.OK, "the new token to count");
        TokenFile.Change(Tokens, file => file with { Tokens = [] });
        await TickUntilAsync(
            async () => await AskAsync(http) == HttpStatusCode.Unauthorized,
            "the revoked token to be refused"
        );
    }

    [Fact]
    public async Task A_file_of_tokens_that_others_can_read_lets_nobody_in()
    {
        var secret = Token("alice", AccessRole.Reader);
        await using var server = await StartAsync(Open());
        using var http = Client(server, secret);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(http));
        File.SetUnixFileMode(Tokens, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await TickUntilAsync(async () => await AskAsync(http) == HttpStatusCode.Unauthorized, "the file to be refused");
        Assert.Contains($"chmod 600 {Tokens}", await StatusAsync(), StringComparison.Ordinal);
        File.SetUnixFileMode(Tokens, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await TickUntilAsync(async () => await AskAsync(http) == HttpStatusCode.OK, "the file to be taken again");
    }

    [Fact]
    public async Task A_file_of_tokens_that_others_can_read_keeps_the_node_from_starting()
    {
        Token("alice", AccessRole.Reader);
        File.SetUnixFileMode(Tokens, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        var error = await Assert.ThrowsAsync<IOException>(() => StartAsync(Open()));
        Assert.Contains($"'chmod 600 {Tokens}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_there_is_not_keeps_the_node_from_starting()
    {
        var settings = new ApiSettings { Socket = new() { Group = "no-such-group" } };
        var error = await Assert.ThrowsAsync<IOException>(() => StartAsync(settings));
        Assert.StartsWith(
            "socket: there is no group 'no-such-group' on this system",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private async Task FollowAsync(ApiServer server, ApiSettings settings, int count)
    {
        await ApplyAsync(Parts() with { Api = settings });
        await TickUntilAsync(() => Task.FromResult(server.Addresses.Count() == count), $"{count} listeners");
    }

    private Task TickUntilAsync(Func<Task<bool>> condition, string what) =>
        Wait.Until(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            what
        );

    private async Task<string> StatusAsync()
    {
        using var http = Client();
        return await http.GetStringAsync(new Uri("http://fulcrum/api/v1/status"));
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/api/v1/overrides");
        return answer.StatusCode;
    }

    private static async Task<bool> AnswersAsync(HttpClient http) => await AskAsync(http) == HttpStatusCode.OK;

    // The client's ends of connections to that port.
    private static string Connections(int port) =>
        string.Join(
            '\n',
            System
                .Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties()
                .GetActiveTcpConnections()
                .Where(connection =>
                    connection.RemoteEndPoint.Port == port
                    && connection.State == System.Net.NetworkInformation.TcpState.Established
                )
                .Select(connection => $"{connection.LocalEndPoint}")
        );

    private static Socket Listen(out IPEndPoint place)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        place = (IPEndPoint)socket.LocalEndPoint!;
        return socket;
    }

    private static int FreePort()
    {
        using var socket = Listen(out var place);
        return place.Port;
    }
}

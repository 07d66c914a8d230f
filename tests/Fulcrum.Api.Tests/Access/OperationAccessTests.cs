using System.Net.Sockets;
using Fulcrum.Api.Operations;
using Fulcrum.Model;
using Fulcrum.Model.Access;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Users;

namespace Fulcrum.Api.Tests.Access;

/// <summary>
/// Every operation of the table, asked by every kind of caller: who may is let through to the handler, whatever that
/// says; who may not is refused before. What is new in the table is covered by that.
/// </summary>
public sealed class OperationAccessTests : AccessTest
{
    private const int Unauthorized = 401;
    private const int Forbidden = 403;

    /// <param name="Role">The most they may; null: nothing.</param>
    /// <param name="IsKnown">Who they are is known: 403 instead of 401.</param>
    private sealed record Who(AccessRole? Role, bool IsKnown = true, bool IsScoped = false);

    private static readonly Dictionary<string, Who> Callers = new(StringComparer.Ordinal)
    {
        ["root at the socket"] = new(AccessRole.Admin),
        ["a reader's token at the socket"] = new(AccessRole.Reader),
        ["anybody on loopback"] = new(AccessRole.Reader, IsKnown: false),
        ["no token but the word"] = new(null, IsKnown: false),
        ["a password"] = new(null, IsKnown: false),
        ["a token that is none"] = new(null, IsKnown: false),
        ["an unknown token"] = new(null, IsKnown: false),
        ["a revoked token"] = new(null, IsKnown: false),
        ["an expired token"] = new(null, IsKnown: false),
        ["two tokens"] = new(null, IsKnown: false),
        ["a reader's token"] = new(AccessRole.Reader),
        ["an operator's token"] = new(AccessRole.Operator),
        ["an admin's token"] = new(AccessRole.Admin),
        ["an operator's token for a part"] = new(AccessRole.Operator, IsScoped: true),
        ["an admin's token for a part"] = new(AccessRole.Admin, IsScoped: true),
        ["another name than this machine's"] = new(null),
        ["anybody from elsewhere"] = new(null, IsKnown: false),
        ["a reader's token from elsewhere"] = new(AccessRole.Reader),
        ["an admin's token from elsewhere"] = new(AccessRole.Admin),
        ["an admin's certificate"] = new(AccessRole.Admin),
        ["an operator's certificate"] = new(AccessRole.Operator),
        ["an operator's certificate for a part"] = new(AccessRole.Operator, IsScoped: true),
        ["a certificate that nobody expects"] = new(null),
        ["a reader's token with an admin's certificate"] = new(AccessRole.Reader),
        ["a bad token with an admin's certificate"] = new(null, IsKnown: false),
    };

    private static readonly Dictionary<string, Who> Users = new(StringComparer.Ordinal)
    {
        ["a user of the group"] = new(AccessRole.Operator),
        ["a user who has the group beside their own"] = new(AccessRole.Operator),
        ["a user who is not of the group"] = new(null),
    };

    public static TheoryData<string> Names => [.. Callers.Keys];

    public static TheoryData<string> UserNames => [.. Users.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Callers_get_what_their_role_says(string caller)
    {
        var isElsewhere =
            caller.Contains("elsewhere", StringComparison.Ordinal)
            || caller.Contains("certificate", StringComparison.Ordinal);
        var make = Made(caller);
        await using var server = await StartAsync(isElsewhere ? Closed() : Open());
        using var http = make(server);
        await AskAllAsync(http, Callers[caller]);
    }

    [Theory]
    [MemberData(nameof(UserNames))]
    public async Task Users_of_the_socket_get_what_their_group_says(string caller)
    {
        Require.Root();
        const uint Group = 65533;
        uint[] groups = caller switch
        {
            "a user of the group" => [GroupId],
            "a user who has the group beside their own" => [Group, GroupId],
            _ => [Group],
        };
        await using var server = await StartAsync(new ApiSettings { Socket = new() { Group = GroupName } });
        // Even where somebody changed the mode of the socket and its folder by hand.
        File.SetUnixFileMode(Socket, (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(Path.GetDirectoryName(Socket)!, (UnixFileMode)0b111_001_001);
        var socket = OtherUser.Do(OtherUser.Nobody, groups, Connect);
        using var http = Over(socket);
        await AskAllAsync(http, Users[caller]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_socket_opens_for_the_group_alone(bool isInGroup)
    {
        Require.Root();
        await using var server = await StartAsync(new ApiSettings { Socket = new() { Group = GroupName } });
        var failed = OtherUser.Do(
            OtherUser.Nobody,
            [isInGroup ? GroupId : 65533],
            () =>
            {
                try
                {
                    Connect().Dispose();
                    return SocketError.Success;
                }
                catch (SocketException error)
                {
                    return error.SocketErrorCode;
                }
            }
        );
        Assert.Equal(isInGroup ? SocketError.Success : SocketError.AccessDenied, failed);
    }

    // On every Linux, and nobody is in it.
    private const string GroupName = "mail";

    private static uint GroupId => Fulcrum.Linux.Processes.Accounts.GroupId(GroupName)!.Value;

    private Func<ApiServer, HttpClient> Made(string caller)
    {
        var reader = Token("reader", AccessRole.Reader);
        var admin = Token("admin", AccessRole.Admin);
        switch (caller)
        {
            case "root at the socket":
                return _ => Local();
            case "a reader's token at the socket":
                return _ => With(Local(), $"Bearer {reader}");
            case "anybody on loopback" or "anybody from elsewhere":
                return server => Client(server);
            case "no token but the word":
                return server => With(Client(server), "Bearer");
            case "a password":
                return server => With(Client(server), "Basic cm9vdDpyb290");
            case "a token that is none":
                return server => Client(server, "letmein");
            case "an unknown token":
                var other = Token("other", AccessRole.Admin, isKept: false);
                return server => Client(server, other);
            case "a revoked token":
                var revoked = Token("revoked", AccessRole.Admin);
                Fulcrum.Api.Access.Tokens.TokenFile.Change(
                    Tokens,
                    file =>
                        file with
                        {
                            Tokens = Fulcrum.Model.Values.Items.From(
                                file.Tokens.Where(token => token.Name != "revoked")
                            ),
                        }
                );
                return server => Client(server, revoked);
            case "an expired token":
                var expired = Token("expired", AccessRole.Admin, expires: Time.GetUtcNow());
                return server => Client(server, expired);
            case "two tokens":
                return server => With(With(Client(server), $"Bearer {admin}"), $"Bearer {reader}");
            case "a reader's token" or "a reader's token from elsewhere":
                return server => Client(server, reader);
            case "an operator's token":
                var some = Token("operator", AccessRole.Operator);
                return server => Client(server, some);
            case "an admin's token" or "an admin's token from elsewhere":
                return server => Client(server, admin);
            case "an operator's token for a part":
                var part = Token("part", AccessRole.Operator, OfWeb);
                return server => Client(server, part);
            case "an admin's token for a part":
                var large = Token("large", AccessRole.Admin, OfWeb);
                return server => Client(server, large);
            case "another name than this machine's":
                return server =>
                {
                    var http = Client(server, admin);
                    http.DefaultRequestHeaders.Host = "attacker.example.com";
                    return http;
                };
            case "an admin's certificate":
                return server => Client(server, null, Issue("root.example.com"));
            case "an operator's certificate":
                return server => Client(server, null, Issue("somebody", "eve.ops.example.com"));
            case "an operator's certificate for a part":
                return server => Client(server, null, Issue("web.example.com"));
            case "a certificate that nobody expects":
                return server => Client(server, null, Issue("root.example.com.evil.example.com"));
            case "a reader's token with an admin's certificate":
                return server => Client(server, reader, Issue("root.example.com"));
            case "a bad token with an admin's certificate":
                return server => Client(server, "letmein", Issue("root.example.com"));
            default:
                throw new InvalidOperationException(caller);
        }
    }

    private HttpClient Local()
    {
        var http = Client();
        http.BaseAddress = new("http://fulcrum");
        return http;
    }

    private static HttpClient With(HttpClient http, string authorization)
    {
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        return http;
    }

    private async Task AskAllAsync(HttpClient http, Who who)
    {
        var wrong = new List<string>();
        // What does not end by itself takes the connection with it.
        foreach (var operation in OperationTable.All.OrderBy(operation => operation.IsEndless))
        {
            // Whoever fails is asked to wait, which is another test's.
            Time.Advance(TimeSpan.FromSeconds(60));
            using var request = OperationRequest.Of(operation);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var status = (int)answer.StatusCode;
            var why = status is Unauthorized or Forbidden ? await BodyOf(answer) : "";
            // What a caller asks about may be outside of their part; that is the handler's to say.
            var refused = status is Unauthorized or Forbidden && !(who.IsScoped && why.Contains("among what"));
            var expected = Expected(who, operation);
            if (refused ? status != expected : expected != 0)
            {
                wrong.Add($"{operation.Id}: {status} instead of {expected}: {why}");
            }

            if (status == Unauthorized && !answer.Headers.WwwAuthenticate.Any(way => way.Scheme == "Bearer"))
            {
                wrong.Add($"{operation.Id}: does not say how to authenticate");
            }

            if (why.Length > 0 && answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            {
                wrong.Add($"{operation.Id}: {answer.Content.Headers.ContentType}");
            }
        }

        Assert.Empty(wrong);
    }

    // 0: whatever the handler says.
    private static int Expected(Who who, Operation operation) =>
        who.Role is not { } role ? (who.IsKnown ? Forbidden : Unauthorized)
        : role < operation.Role ? (who.IsKnown ? Forbidden : Unauthorized)
        : operation.IsWhole && who.IsScoped ? Forbidden
        : 0;
}

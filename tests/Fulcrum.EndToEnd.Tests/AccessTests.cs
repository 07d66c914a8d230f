using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>The command line on another machine: the same commands over TCP, with a token or a certificate.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tokens_are_made_used_listed_and_revoked()
    {
        var port = Ports.Unused();
        await using var daemon = await Start($"{{ listen: 127.0.0.1:{port}, tokens: {Tokens} }}");
        var url = $"http://127.0.0.1:{port}";

        // Whoever is on this machine may look.
        var read = FulcrumProgram.Run("explain", "service/web", "--api", url);
        Assert.Equal((0, ""), (read.ExitCode, read.Errors));
        var refused = FulcrumProgram.Run("drain", "service/web", "--api", url);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "set-override wants an operator; anonymous is a reader",
            refused.Errors,
            StringComparison.Ordinal
        );
        Assert.Contains("Say who you are with --token-file FILE", refused.Errors, StringComparison.Ordinal);

        var made = FulcrumProgram.Run([
            "token",
            "create",
            "ci",
            "--role",
            "operator",
            "--select",
            "tier=web",
            "--for",
            "90d",
            "--file",
            Tokens,
        ]);
        Assert.Equal(0, made.ExitCode);
        var token = _folder.Write("token", made.Output);
        await Wait.Until(
            () => FulcrumProgram.Run("drain", "service/web", "--api", url, "--token-file", token).ExitCode == 0,
            "the token to count"
        );
        var other = FulcrumProgram.Run("drain", "service/db", "--api", url, "--token-file", token);
        Assert.Contains("there is no service/db among what token ci may see", other.Errors, StringComparison.Ordinal);
        var apply = FulcrumProgram.Run("history", "--api", url, "--token-file", token);
        Assert.Contains("is about the whole node", apply.Errors, StringComparison.Ordinal);

        var twice = FulcrumProgram.Run("token", "create", "ci", "--role", "reader", "--file", Tokens);
        Assert.Contains("there is a token 'ci'", twice.Errors, StringComparison.Ordinal);
        var list = FulcrumProgram.Run("token", "list", "--file", Tokens);
        Assert.Matches(@"(?m)^ci +operator +tier=web +\d{4}-.*Z +\d{4}-.*Z$", list.Output);
        Assert.Equal(0, FulcrumProgram.Run("token", "revoke", "ci", "--file", Tokens).ExitCode);
        Assert.Equal(1, FulcrumProgram.Run("token", "revoke", "ci", "--file", Tokens).ExitCode);
        await Wait.Until(
            () =>
                FulcrumProgram
                    .Run("status", "--api", url, "--token-file", token)
                    .Errors.Contains("the token is not known here; perhaps it was revoked", StringComparison.Ordinal),
            "the token to be refused"
        );
        var audit = await File.ReadAllTextAsync(Path.Combine(daemon.StateDirectory, "audit.log"));
        Assert.Contains("\"who\":\"token ci\"", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_opens_what_its_name_says()
    {
        using var authority = TestAuthority.Create();
        using var own = authority.Issue("localhost", "127.0.0.1");
        using var client = authority.Issue("eve.ops.example.com");
        var (ca, pem, key) = (
            _folder.Write("ca.pem", authority.Pem),
            _folder.Write("client.pem", client.ChainPem),
            _folder.Write("client.key", client.KeyPem)
        );
        var port = Ports.Unused();
        await using var daemon = await Start(
            $$"""
            { listen: 127.0.0.1:{{port}}, clients: { "*.ops.example.com": { role: operator, select: { tier: web } } },
                   tls: { certificate: {{_folder.Write(
                "own.pem",
                own.ChainPem + own.KeyPem
            )}}, client-authorities: {{ca}} } }
            """
        );
        string[] where = ["--api", $"https://127.0.0.1:{port}", "--ca", ca];
        var stranger = FulcrumProgram.Run(["drain", "service/web", .. where]);
        Assert.Contains("anonymous is a reader", stranger.Errors, StringComparison.Ordinal);
        var drained = FulcrumProgram.Run(["drain", "service/web", .. where, "--cert", pem, "--key", key]);
        Assert.Equal((0, ""), (drained.ExitCode, drained.Errors));
        var untrusted = FulcrumProgram.Run("status", "--api", $"https://127.0.0.1:{port}");
        Assert.Contains("--ca FILE says who signed its certificate", untrusted.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_not_sent_where_others_listen()
    {
        var token = _folder.Write("token", "fulcrum_x");
        var (code, _, errors) = FulcrumProgram.Run(
            "status",
            "--api",
            "http://lb1.example.com:7400",
            "--token-file",
            token
        );
        Assert.Equal(1, code);
        Assert.Contains("a token is not sent to lb1.example.com without TLS", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1", "--api: 'ftp://127.0.0.1' is not a URL such as http://127.0.0.1:7400")]
    [InlineData("127.0.0.1:7400", "--api: '127.0.0.1:7400' is not a URL")]
    public void What_is_no_url_is_refused(string url, string part)
    {
        var (code, _, errors) = FulcrumProgram.Run("status", "--api", url);
        Assert.Equal(2, code);
        Assert.Contains(part, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_had_is_named()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var file = _folder.Write("f.yaml", Text($"{{ listen: {taken.LocalEndpoint} }}"));
        var (code, _, errors) = FulcrumProgram.Run("run", file, "--state", _folder.PathOf("state"));
        Assert.Equal(1, code);
        Assert.Contains(
            $"the API cannot be opened at {taken.LocalEndpoint}: Address already in use",
            errors,
            StringComparison.Ordinal
        );
    }

    private string Tokens => _folder.PathOf("tokens");

    private static Task<Daemon> Start(string api) => Daemon.Start(null, Text(api));

    private static string Text(string api) =>
        $$"""
            api: {{api}}
            services:
              web: { listen: tcp://127.0.0.1:{{Ports.Unused()}}, backends: [127.0.0.1:9], labels: { tier: web } }
              db: { listen: tcp://127.0.0.1:{{Ports.Unused()}}, backends: [127.0.0.1:9], labels: { tier: db } }
            """;
}

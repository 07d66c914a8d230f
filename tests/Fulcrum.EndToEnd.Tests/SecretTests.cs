using System.Net;
using System.Text;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>
/// A node that uses every kind of secret that the language knows and this version carries out, asked everything that
/// it can be asked: what it answers, logs and leaves on the disk holds none of them.
/// </summary>
public sealed class SecretTests : IDisposable
{
    private const string Variable = "FULCRUM_TEST_SECRET";

    /// <summary>What stands in the configuration itself, where a person put it: kept with it, but never shown.</summary>
    private const string Literal = "L1TERAL-in-the-file";

    private readonly TemporaryDirectory _folder = new();
    private readonly List<(string Where, string Text)> _seen = [];
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal)
    {
        ["radius secret"] = "S3CR3T-of-radius",
        ["radius password"] = "S3CR3T-of-the-user",
        ["environment"] = "S3CR3T-of-the-environment",
        ["passphrase"] = "S3CR3T-of-the-key",
        ["in the configuration"] = "S3CR3T-where-none-may-stand",
        ["unknown token"] = "fulcrum_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3T",
    };

    public SecretTests() => Environment.SetEnvironmentVariable(Variable, _secrets["environment"]);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        _folder.Dispose();
    }

    [Fact]
    public async Task No_secret_is_answered_logged_or_left_behind()
    {
        using var authority = TestAuthority.Create();
        WriteFiles(authority);
        var port = Ports.Unused();
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), _ => Task.CompletedTask);
        await using var daemon = await Daemon.Start(null, Configuration(port, server.EndPoint.Port, weight: 1));
        _secrets["token"] = Made(daemon).Trim();
        await daemon.WaitForLog("check web/one/radius");
        await AskAsync(daemon, port, server.EndPoint.Port);
        await OverTlsAsync(authority, port);
        await daemon.Stop();

        Assert.True(_seen.Count > 25, $"{_seen.Count} answers");
        Assert.Empty(Leaks(daemon));

        // The search finds what is there to be found: in an answer, and in a file.
        _seen.Add(("planted", $"x{_secrets["token"]}x"));
        Assert.Contains("planted: token", Leaks(daemon));
        await File.WriteAllTextAsync(
            Path.Combine(daemon.StateDirectory, "history", "planted"),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(_secrets["radius secret"]))
        );
        Assert.Contains(
            Leaks(daemon),
            leak => leak.EndsWith("history/planted: radius secret", StringComparison.Ordinal)
        );
    }

    private async Task AskAsync(Daemon daemon, int port, int backend)
    {
        var next = _folder.Write("next.yaml", Configuration(port, backend, weight: 2));
        var bad = _folder.Write(
            "bad.yaml",
            Configuration(port, backend, weight: 3)
                .Replace($"{{ env: {Variable} }}", _secrets["in the configuration"], StringComparison.Ordinal)
        );
        string[][] commands =
        [
            ["status"],
            ["status", "-o", "json"],
            ["get", "checks"],
            ["get", "checks", "web/one/radius"],
            ["explain", "service/web"],
            ["explain", "check/web/one/radius", "-o", "json"],
            ["explain", "backend/web/one"],
            ["trace", "tcp", "192.0.2.7", "127.0.0.1:1"],
            ["plan", next],
            ["plan", next, "-o", "json"],
            ["plan", bad],
            ["validate", bad],
            ["apply", bad],
            ["apply", next, "--confirm", "60s"],
            ["confirm"],
            ["drain", "backend/web/one", "--reason", "to see"],
            ["clear", "backend/web/one"],
            ["history"],
            ["history", "-o", "json"],
            ["rollback", "1"],
            ["token", "list", "--file", Tokens],
        ];
        foreach (var command in commands)
        {
            Saw(string.Join(' ', command), daemon.Command(command));
        }

        // Text that has not passed through the command line, which reads it first.
        using var http = daemon.Api();
        foreach (var file in new[] { next, bad })
        {
            foreach (var path in new[] { "plan", "apply?source=x.yaml" })
            {
                using var body = new StringContent(
                    await File.ReadAllTextAsync(file),
                    Encoding.UTF8,
                    "application/yaml"
                );
                using var answer = await http.PostAsync($"/api/v1/{path}", body);
                _seen.Add(($"{path} {file}", await answer.Content.ReadAsStringAsync()));
            }
        }

        using var metrics = await http.GetAsync("/metrics");
        _seen.Add(("metrics", await metrics.Content.ReadAsStringAsync()));
        await File.WriteAllTextAsync(daemon.File, await File.ReadAllTextAsync(bad));
        daemon.Signal(1);
        await daemon.WaitForLog("Not reloaded");
    }

    private async Task OverTlsAsync(TestAuthority authority, int port)
    {
        var authorities = _folder.Write("ca.pem", authority.Pem);
        foreach (var token in new[] { _secrets["token"], _secrets["unknown token"] })
        {
            var file = _folder.Write("token", token);
            string[][] commands =
            [
                ["status"],
                ["drain", "service/web"],
                ["history"],
                ["confirm"],
            ];
            foreach (var command in commands)
            {
                string[] where = ["--api", $"https://127.0.0.1:{port}", "--ca", authorities, "--token-file", file];
                var ran = FulcrumProgram.Run([.. command, .. where]);
                Assert.Equal(token == _secrets["token"], !ran.Errors.Contains("not known", StringComparison.Ordinal));
                Saw(command[0], ran);
            }
        }

        await Task.CompletedTask;
    }

    private string Tokens => _folder.PathOf("tokens");

    private string Made(Daemon daemon)
    {
        var made = daemon.Command("token", "create", "tester", "--role", "admin", "--file", Tokens);
        Assert.Equal(0, made.ExitCode);
        // Shown once, to whoever made it; not again.
        Assert.StartsWith("fulcrum_", made.Output, StringComparison.Ordinal);
        Assert.Equal(1, made.Output.Count(letter => letter == '\n'));
        return made.Output;
    }

    private void WriteFiles(TestAuthority authority)
    {
        using var certificate = authority.Issue("localhost", "127.0.0.1");
        _folder.Write("api.pem", certificate.ChainPem);
        _folder.Write("api.key", certificate.EncryptedKeyPem(_secrets["passphrase"]));
        _folder.Write("passphrase", _secrets["passphrase"] + "\n");
        _folder.Write("radius", _secrets["radius secret"] + "\n");
        // A line of the key itself.
        _secrets["key"] = certificate.KeyPem.Split('\n')[1];
        _secrets["encrypted key"] = File.ReadAllLines(_folder.PathOf("api.key"))[1];
    }

    private string Configuration(int port, int backend, int weight) =>
        $$"""
            api:
              listen: 127.0.0.1:{{port}}
              tokens: {{Tokens}}
              tls:
                certificate: { file: {{_folder.PathOf("api.pem")}}, key: {{_folder.PathOf("api.key")}}, passphrase: { file: {{_folder.PathOf(
                "passphrase"
            )}} } }
            defaults: { check: { interval: 100ms, timeout: 10s } }
            services:
              web:
                listen: tcp://127.0.0.1:{{_listen}}
                backends: [{ address: 127.0.0.1:{{backend}}, name: one, weight: {{weight}} }]
                checks:
                  - radius: { secret: { file: {{_folder.PathOf("radius")}} }, user: bob, password: { env: {{Variable}} } }
                  - http: { path: /, headers: { Authorization: "Bearer {{Literal}}{{weight}}" } }
                  - exec: { command: [/bin/true], environment: { PASSWORD: "{{Literal}}{{weight}}" } }
            """;

    private readonly int _listen = Ports.Unused();

    private void Saw(string command, (int ExitCode, string Output, string Errors) ran)
    {
        _seen.Add((command, ran.Output));
        _seen.Add((command, ran.Errors));
    }

    private List<string> Leaks(Daemon daemon)
    {
        var leaks = new List<string>();
        foreach (var (where, text) in _seen.Append(("log", daemon.Log.Tail(int.MaxValue))))
        {
            leaks.AddRange(Found(where, text));
            if (text.Contains(Literal, StringComparison.Ordinal))
            {
                leaks.Add($"{where}: literal");
            }
        }

        foreach (var file in Directory.EnumerateFiles(daemon.StateDirectory, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            leaks.AddRange(Found(file, text));
            var isHistory = file.Contains("/history/", StringComparison.Ordinal);
            if (text.Contains(Literal, StringComparison.Ordinal) && !isHistory)
            {
                leaks.Add($"{file}: literal");
            }
        }

        return leaks;
    }

    // As it is, and as headers and JSON writers change it.
    private IEnumerable<string> Found(string where, string text) =>
        from secret in _secrets
        from form in new[] { secret.Value, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.Value)) }
        where text.Contains(form, StringComparison.Ordinal)
        select $"{where}: {secret.Key}";
}

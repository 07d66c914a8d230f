using System.Net.Security;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Tls;
using Fulcrum.Proxy.Tests.Plane;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>Clients that resume, on the node where they were or on another one.</summary>
public sealed class TicketTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Nodes_with_the_same_secret_resume_each_other_s_sessions()
    {
        using var folder = new TemporaryDirectory();
        await using var one = new TlsScene(_time);
        await using var other = new TlsScene(_time);
        await using var stranger = new TlsScene(_time);
        using var certificate = one.Authority.Issue("a.example");
        var secret = WriteSecret(folder, "secret", 'a');
        await ServeAsync(one, certificate, secret);
        await ServeAsync(other, certificate, secret);
        await ServeAsync(stranger, certificate, WriteSecret(folder, "another", 'b'));
        var options = one.OptionsFor("a.example");
        Assert.False(await ResumesAsync(one, options));
        Assert.True(await ResumesAsync(one, options));
        Assert.True(await ResumesAsync(other, options));
        Assert.False(await ResumesAsync(stranger, options));
    }

    [Fact]
    public async Task A_changed_secret_is_used_and_the_former_still_opens()
    {
        using var folder = new TemporaryDirectory();
        await using var scene = new TlsScene(_time);
        await using var other = new TlsScene(_time);
        using var certificate = scene.Authority.Issue("a.example");
        var told = new TaskCompletionSource<string>();
        scene.Harness.Plane.TlsProblem = told.SetResult;
        var file = WriteSecret(folder, "secret", 'a');
        await ServeAsync(scene, certificate, file);
        await ServeAsync(other, certificate, WriteSecret(folder, "next", 'b'));
        var options = scene.OptionsFor("a.example");
        Assert.False(await ResumesAsync(scene, options));

        await File.WriteAllTextAsync(file, "short", TestContext.Current.CancellationToken);
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(
            $"ticket keys: the former secret stays in use: {file}: has 5 bytes, but a secret of ticket keys has to have at least 32",
            await Wait.For(told.Task, "the problem to be told")
        );
        Assert.True(await ResumesAsync(scene, options));

        _ = WriteSecret(folder, "secret", 'b');
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        // By a ticket of the former secret, and it gets one of the new secret, which the other node knows.
        Assert.True(await ResumesAsync(scene, options));
        Assert.True(await ResumesAsync(other, options));
    }

    [Fact]
    public async Task Other_settings_of_a_service_may_change_and_its_clients_still_resume()
    {
        await using var scene = new TlsScene();
        var settings = new TlsTermination { Certificates = [scene.Issue("a.example")] };
        await scene.ServeAsync(settings);
        var options = scene.OptionsFor("a.example");
        Assert.False(await ResumesAsync(scene, options));
        await scene.ServeAsync(settings with { HandshakeTimeout = TimeSpan.FromSeconds(7) });
        Assert.True(await ResumesAsync(scene, options));
        await scene.ServeAsync(settings with { Tickets = new() { Every = TimeSpan.FromHours(1) } });
        Assert.False(await ResumesAsync(scene, options));
    }

    [Fact]
    public async Task A_secret_that_cannot_be_used_refuses_the_table()
    {
        using var folder = new TemporaryDirectory();
        await using var scene = new TlsScene();
        var settings = new TlsTermination { Certificates = [scene.Issue("a.example")] };
        foreach (
            var (secret, problem) in new[]
            {
                (folder.PathOf("missing"), "missing: does not exist"),
                (folder.Write("open", new string('x', 32)), "everybody can read the secret of ticket keys"),
            }
        )
        {
            var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() =>
                scene.ServeAsync(settings with { Tickets = new() { Secret = new(secret, null) } })
            );
            Assert.Contains(problem, Assert.Single(refusal.Problems).Message, StringComparison.Ordinal);
        }
    }

    private static string WriteSecret(TemporaryDirectory folder, string name, char letter)
    {
        var file = folder.PathOf(name);
        File.WriteAllText(file + ".new", new string(letter, 32) + "\n");
        File.SetUnixFileMode(file + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(file + ".new", file, overwrite: true);
        return file;
    }

    private static Task ServeAsync(TlsScene scene, TestCertificate certificate, string secret) =>
        scene.ServeAsync(
            new()
            {
                Certificates = [scene.Write("a.pem", certificate)],
                Tickets = new() { Secret = new(secret, null) },
            }
        );

    private static async Task<bool> ResumesAsync(TlsScene scene, SslClientAuthenticationOptions options)
    {
        var before = scene.Harness.Counters.TlsResumed;
        using var socket = await Sockets.ConnectAsync(scene.Place);
        await using var client = new SslStream(new NetworkStream(socket));
        await client.AuthenticateAsClientAsync(options);
        await client.WriteAsync("x"u8.ToArray());
        var server = await scene.AcceptAsync();
        // The ticket comes with what the server says.
        await server.SendAllAsync("y"u8.ToArray());
        await client.ReadExactlyAsync(new byte[1]);
        return scene.Harness.Counters.TlsResumed > before;
    }
}

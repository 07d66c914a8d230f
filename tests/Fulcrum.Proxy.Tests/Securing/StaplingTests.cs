using System.Diagnostics;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Proxy.Tests.Securing;

/// <summary>What an authority says of a certificate, from its file to a client that asks.</summary>
public sealed class StaplingTests
{
    private const string Stapled = "OCSP Response Status: successful";
    private const string Nothing = "OCSP response: no response sent";

    [Fact]
    public async Task It_is_stapled_as_long_as_it_holds()
    {
        var time = new ManualTimeProvider();
        await using var scene = new TlsScene(time);
        using var certificate = scene.Authority.Issue("a.example");
        var answer = new OcspAnswer
        {
            ThisUpdate = time.GetUtcNow(),
            NextUpdate = time.GetUtcNow() + TimeSpan.FromSeconds(10),
        };
        var served = Serve(scene, certificate, answer);
        await scene.ServeAsync(new() { Certificates = [served] });
        Assert.Contains(Stapled, await AskAsync(scene), StringComparison.Ordinal);
        Assert.Null(Shown(scene).StapleProblem);

        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(10));
        await Wait.Until(() => Shown(scene).StapleProblem is not null, "the plane to see that it is old");
        Assert.Matches("answer: did not hold any longer than until", Shown(scene).StapleProblem);
        Assert.Null(Shown(scene).Problem);
        Assert.Contains(Nothing, await AskAsync(scene), StringComparison.Ordinal);

        _ = Serve(scene, certificate, answer with { NextUpdate = time.GetUtcNow() + TimeSpan.FromHours(1) });
        await scene.Harness.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Wait.Until(() => Shown(scene).StapleProblem is null, "the plane to see the new one");
        Assert.Contains(Stapled, await AskAsync(scene), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_cannot_be_used_costs_nobody_a_handshake()
    {
        await using var scene = new TlsScene();
        using var certificate = scene.Authority.Issue("a.example");
        await scene.ServeAsync(new() { Certificates = [Serve(scene, certificate, new() { Status = 1 })] });
        Assert.Matches("answer: the certificate is revoked", Shown(scene).StapleProblem);
        Assert.NotNull(Shown(scene).Facts);
        Assert.Contains(Nothing, await AskAsync(scene), StringComparison.Ordinal);
    }

    private static ObservedCertificate Shown(TlsScene scene) =>
        Assert.Single(scene.Harness.Plane.Observe().Certificates);

    private static CertificateReference Serve(TlsScene scene, TestCertificate certificate, OcspAnswer answer)
    {
        var file = scene.PathOf("answer");
        File.WriteAllBytes(file + ".new", answer.Write(scene.Authority, certificate.Certificate));
        File.Move(file + ".new", file, overwrite: true);
        return scene.Write("a.pem", certificate) with { OcspFile = file };
    }

    /// <summary>By a program: the runtime's own client does not show what was stapled.</summary>
    private static async Task<string> AskAsync(TlsScene scene)
    {
        var start = new ProcessStartInfo(
            "openssl",
            $"s_client -connect {scene.Place} -servername a.example -status -no_ign_eof"
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        _ = process.StandardError.ReadToEndAsync();
        return await Wait.For(process.StandardOutput.ReadToEndAsync(), "what openssl says");
    }
}

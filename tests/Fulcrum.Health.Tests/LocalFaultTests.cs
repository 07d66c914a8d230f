using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Tests.Adversaries;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests;

/// <summary>What is wrong with our own machine condemns nobody.</summary>
public sealed class LocalFaultTests
{
    private const string Nowhere = "/nonexistent/file";

    public static TheoryData<string, string> Table { get; } =
        new()
        {
            { "source tcp", "source address or port not available" },
            { "source udp", "source address or port not available" },
            { "secret file", $"cannot read {Nowhere}" },
            { "secret variable", "the environment has no FULCRUM_NO_SUCH_VARIABLE" },
            { "authorities", Nowhere },
            { "program", $"cannot run {Nowhere}" },
            { "body", "Headers and body have 16384 bytes each at most" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Nobody_is_condemned_and_the_cause_is_told_once(string what, string cause)
    {
        using var rig = new ProberRig();
        await using var server = new StreamAdversary("silent", rig.Time);
        var task = ProberRig.TaskFor(Probe(what), server.EndPoint) with
        {
            Source = what.StartsWith("source", StringComparison.Ordinal) ? IPAddress.Parse("192.0.2.200") : null,
        };
        await rig.Begin(task);
        var report = await rig.Results(task, 5);
        Assert.Equal(5, report.Recent.Count(result => result.IsGood is null));
        var news = Assert.Single(rig.Heard);
        Assert.Equal(Verdict.Unknown, news.Health.Verdict);
        Assert.Contains(cause, news.Health.Reason, StringComparison.Ordinal);
        Assert.Equal((news.Health, 0, 0L), (report.Health, report.InARow, report.Transitions));
    }

    [Theory]
    [InlineData("radius accept", Verdict.Healthy)]
    [InlineData("radius reject", Verdict.Unhealthy)]
    public async Task What_is_known_stays(string answer, Verdict verdict)
    {
        using var rig = new ProberRig();
        using var directory = new TemporaryDirectory();
        await using var server = new DatagramAdversary($"answer {answer}", rig.Time, DatagramAnswers.To);
        var secret = new SecretReference(directory.Write("secret", DatagramAnswers.Secret), null);
        var probe = new RadiusProbe
        {
            User = "probe",
            Password = secret,
            Secret = secret,
        };
        var task = ProberRig.TaskFor(probe, server.EndPoint);
        await rig.Begin(task);
        var known = await rig.Results(task, 2, server);
        Assert.Equal((verdict, true), (known.Health.Verdict, known.Recent.All(result => result.IsGood is not null)));

        File.Delete(secret.File!);
        var report = await rig.Results(task, 6);
        Assert.Equal([null, null, null, null], report.Recent.Take(4).Select(result => result.IsGood));
        Assert.Contains(secret.File!, report.Recent[0].Reason, StringComparison.Ordinal);
        Assert.Equal((known.Health, known.InARow), (report.Health, report.InARow));
        _ = Assert.Single(rig.Heard);
    }

    private static ProbeSpec Probe(string what) =>
        what switch
        {
            "source udp" => new UdpProbe { Send = "ping" },
            "secret file" => Radius(new(Nowhere, null)),
            "secret variable" => Radius(new(null, "FULCRUM_NO_SUCH_VARIABLE")),
            "authorities" => new HttpProbe
            {
                Tls = new() { Verify = TlsVerify.Authorities, Authorities = Nowhere },
            },
            "program" => new ExecProbe { Command = [Nowhere] },
            "body" => new HttpProbe { Version = HttpProbeVersion.Http2, Body = new('x', 20_000) },
            _ => new TcpProbe(),
        };

    private static RadiusProbe Radius(SecretReference secret) =>
        new() { Method = RadiusMethod.Status, Secret = secret };
}

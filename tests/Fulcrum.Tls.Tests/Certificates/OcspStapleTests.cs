using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Tls.Tests.Certificates;

/// <summary>What an authority says of a certificate is stapled to it, or it is told why not.</summary>
public sealed class OcspStapleTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TestAuthority _authority = TestAuthority.Create();
    private readonly TemporaryDirectory _folder = new();
    private readonly TestCertificate _certificate;

    public OcspStapleTests() => _certificate = _authority.Issue("a.example");

    [Fact]
    public void A_good_one_is_stapled_until_there_is_news()
    {
        var until = Now.AddHours(5);
        var staple = Load(new() { NextUpdate = until });
        Assert.Null(staple.Problem);
        Assert.Equal(File.ReadAllBytes(_folder.PathOf("answer")), staple.Response);
        Assert.Equal(until.ToUnixTimeSeconds(), staple.Until?.ToUnixTimeSeconds());
        var lasting = Load(new() { NextUpdate = null });
        Assert.Equal((null, null), (lasting.Until, lasting.Problem));
    }

    [Fact]
    public void What_clients_would_not_accept_is_not()
    {
        using var other = TestAuthority.Create("other");
        Says("the certificate is revoked", new() { Status = 1 });
        Says("the authority does not know the certificate", new() { Status = 2 });
        Says("the authority did not answer .status 6.", new() { Failure = 6 });
        Says("did not hold any longer than until ....-..-.. ..:..:..Z", new() { NextUpdate = Now.AddSeconds(-1) });
        Says("does not hold before", new() { ThisUpdate = Now.AddMinutes(6) });
        Assert.Null(Load(new() { ThisUpdate = Now.AddMinutes(4) }).Problem);
    }

    [Fact]
    public void What_is_said_of_another_certificate_is_not()
    {
        using var sibling = _authority.Issue("b.example");
        Assert.Matches("says nothing of this", Load(new(), sibling.Certificate).Problem);
        // The same name and number, and yet another authority.
        using var below = _authority.CreateBelow("below");
        using var twin = _authority.CreateBelow("below");
        using var shown = below.Issue("a.example");
        var answer = new OcspAnswer { Issuer = twin.Certificate }.Write(below, shown.Certificate);
        var staple = OcspStaple.Load(Write(answer), Material.Load(shown), Now);
        Assert.Matches("says nothing of this", staple.Problem);
        var right = OcspStaple.Load(Write(new OcspAnswer().Write(below, shown.Certificate)), Material.Load(shown), Now);
        Assert.Null(right.Problem);
    }

    [Fact]
    public void A_file_that_is_something_else_is_told()
    {
        Assert.Matches("/answer: is no OCSP response", LoadBytes([]).Problem);
        Assert.Matches("/answer: is no OCSP response", LoadBytes([0x30, 0]).Problem);
        Assert.Matches("/answer: is no OCSP response", LoadBytes(_certificate.Certificate.RawData).Problem);
        var missing = OcspStaple.Load(_folder.PathOf("missing"), Material.Load(_certificate), Now);
        Assert.Matches("/missing: does not exist", missing.Problem);
        Assert.True(missing.Response.IsEmpty);
    }

    [Fact]
    public async Task What_another_program_writes_is_read()
    {
        _ = _folder.Write("authority.pem", _authority.Pem);
        using var key = _authority.Certificate.GetECDsaPrivateKey()!;
        _ = _folder.Write("authority.key", key.ExportPkcs8PrivateKeyPem());
        _ = _folder.Write("own.pem", _certificate.ChainPem);
        _ = _folder.Write(
            "index",
            $"V\t491231000000Z\t\t{_certificate.Certificate.SerialNumber}\tunknown\t/CN=a.example\n"
        );
        const string Ask =
            "ocsp -index index -CA authority.pem -rsigner authority.pem -rkey authority.key -issuer authority.pem -cert own.pem -ndays 1";
        _ = await RunAsync($"{Ask} -respout answer");
        Assert.Null(OcspStaple.Load(_folder.PathOf("answer"), Material.Load(_certificate), Now).Problem);
    }

    [Fact]
    public async Task What_the_tests_write_another_program_reads()
    {
        _ = _folder.Write("authority.pem", _authority.Pem);
        _ = _folder.Write("own.pem", _certificate.ChainPem);
        _ = Write(new OcspAnswer().Write(_authority, _certificate.Certificate));
        const string Ask = "ocsp -respin answer -issuer authority.pem -CAfile authority.pem -cert own.pem";
        Assert.Contains("own.pem: good", await RunAsync(Ask), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private void Says(string what, OcspAnswer answer)
    {
        var staple = Load(answer);
        Assert.Matches($"^{_folder.FullName}/answer: {what}", staple.Problem);
        Assert.True(staple.Response.IsEmpty);
    }

    private OcspStaple Load(OcspAnswer answer, X509Certificate2? about = null) =>
        LoadBytes(answer.Write(_authority, about ?? _certificate.Certificate));

    private OcspStaple LoadBytes(byte[] answer) => OcspStaple.Load(Write(answer), Material.Load(_certificate), Now);

    private string Write(byte[] answer)
    {
        var file = _folder.PathOf("answer");
        File.WriteAllBytes(file, answer);
        return file;
    }

    private async Task<string> RunAsync(string arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync();
        var said = await Wait.For(process.StandardOutput.ReadToEndAsync(), "what openssl says");
        return said + await Wait.For(complaints, "what openssl complains of");
    }
}

using System.Net;
using Fulcrum.Health.Tls;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.Health.Tests.Tls;

public sealed class TlsMaterialsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _reports = [];
    private readonly TlsMaterials _materials;

    public TlsMaterialsTests() => _materials = new(_time, _reports.Add);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Who_needs_the_same_files_shares_them_and_settings_last_as_long()
    {
        var tls = Trusting("ca.pem", Pem());
        var other = tls with { Alpn = ["h2"], ServerName = "www.example.com" };
        Assert.Same(_materials.Get(tls), _materials.Get(other));

        var settings = Load(tls);
        Assert.Same(settings, Load(tls, settings));
    }

    [Fact]
    public void A_changed_file_is_read_again_a_second_later()
    {
        var tls = Trusting("ca.pem", Pem());
        var first = Load(tls);
        _directory.Write("ca.pem", Pem() + Pem());
        Assert.Same(first, Load(tls, first));
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = Load(tls, first);
        Assert.Equal(2, second.Options.CertificateChainPolicy!.CustomTrustStore.Count);
        Assert.Empty(_reports);
    }

    [Fact]
    public void A_link_that_is_turned_is_a_change()
    {
        var tls = Trusting("one.pem", Pem()) with { Authorities = _directory.PathOf("link.pem") };
        _directory.Write("two.pem", Pem() + Pem());
        File.CreateSymbolicLink(tls.Authorities!, _directory.PathOf("one.pem"));
        var first = _materials.Get(tls);
        File.Delete(tls.Authorities!);
        File.CreateSymbolicLink(tls.Authorities!, _directory.PathOf("two.pem"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, _materials.Get(tls));
    }

    [Fact]
    public void A_change_that_cannot_be_used_is_reported_once_and_what_was_stays()
    {
        var tls = Trusting("ca.pem", Pem());
        var first = _materials.Get(tls);
        _directory.Write("ca.pem", "half");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Same(first, _materials.Get(tls));
        }

        Assert.Equal($"{tls.Authorities}: holds no certificate", Assert.Single(_reports));
        _directory.Write("ca.pem", Pem());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, _materials.Get(tls));
    }

    [Fact]
    public void A_file_that_was_bad_is_used_once_it_is_good()
    {
        var tls = Trusting("ca.pem", "nothing");
        Assert.Throws<TlsSettingsException>(() => _materials.Get(tls));
        _directory.Write("ca.pem", Pem());
        Assert.Throws<TlsSettingsException>(() => _materials.Get(tls));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_materials.Get(tls));
        Assert.Empty(_reports);
    }

    [Fact]
    public void What_was_not_asked_for_longest_is_forgotten()
    {
        var certificates = Pem();
        var first = Trusting("0.pem", certificates);
        var kept = _materials.Get(first);
        for (var i = 1; i <= TlsMaterials.Most; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Same(kept, _materials.Get(first));
            File.CreateSymbolicLink(_directory.PathOf($"{i}.pem"), first.Authorities!);
            _ = _materials.Get(first with { Authorities = _directory.PathOf($"{i}.pem") });
        }

        Assert.Same(kept, _materials.Get(first));
        var second = first with { Authorities = _directory.PathOf("1.pem") };
        File.Delete(second.Authorities!);
        Assert.Throws<TlsSettingsException>(() => _materials.Get(second));
    }

    // The files are those written by the test; DIR is where.
    [Theory]
    [InlineData("absent.pem", "", null, "DIR/absent.pem: Could not find file 'DIR/absent.pem'.")]
    [InlineData("key.pem", "", null, "DIR/key.pem: holds no certificate")]
    [InlineData("broken.pem", "", null, "DIR/broken.pem: a certificate is damaged: ")]
    [InlineData("cert.pem", "", null, "DIR/cert.pem: no usable key for DIR/cert.pem: ")]
    [InlineData("cert.pem", "other.pem", null, "DIR/other.pem: no usable key for DIR/cert.pem: ")]
    [InlineData("cert.pem", "key.pem", null, null)]
    [InlineData("both.pem", "", null, null)]
    [InlineData("both.pem", "", "pass", null)]
    [InlineData("cert.pem", "locked.pem", null, "DIR/locked.pem: the key has a passphrase")]
    [InlineData("cert.pem", "locked.pem", "pass", null)]
    [InlineData("cert.pem", "locked.pem", "wrong", "DIR/locked.pem: no usable key for DIR/cert.pem: ")]
    [InlineData("cert.pem", "locked.pem", "absent", "cannot read DIR/absent: Could not find file 'DIR/absent'.")]
    [InlineData("cert.pem", "locked.pem", "$FULCRUM_NOT_SET", "the environment has no FULCRUM_NOT_SET")]
    public void What_is_wrong_with_a_file_is_told_with_its_name(
        string file,
        string key,
        string? secret,
        string? message
    )
    {
        using var authority = TestAuthority.Create();
        using var below = authority.CreateBelow("below");
        using var certificate = below.Issue("client");
        using var other = below.Issue("other");
        _directory.Write("cert.pem", certificate.ChainPem);
        _directory.Write("key.pem", certificate.KeyPem);
        _directory.Write("both.pem", certificate.ChainPem + certificate.KeyPem);
        _directory.Write("other.pem", other.KeyPem);
        _directory.Write("locked.pem", certificate.EncryptedKeyPem("secret"));
        _directory.Write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        _directory.Write("pass", "secret\n");
        _directory.Write("wrong", "secretive\n");
        var reference = new CertificateReference(
            _directory.PathOf(file),
            key.Length == 0 ? null : _directory.PathOf(key),
            secret is null ? null
                : secret[0] == '$' ? new SecretReference(null, secret[1..])
                : new SecretReference(_directory.PathOf(secret), null)
        );
        var tls = new TlsConnection { Certificate = reference };
        if (message is null)
        {
            var context = _materials.Get(tls).Certificate!;
            Assert.Equal(certificate.Certificate.Thumbprint, context.TargetCertificate.Thumbprint);
            Assert.Equal(below.Certificate.Thumbprint, Assert.Single(context.IntermediateCertificates).Thumbprint);
        }
        else
        {
            Assert.StartsWith(
                message.Replace("DIR", _directory.FullName, StringComparison.Ordinal),
                Assert.Throws<TlsSettingsException>(() => _materials.Get(tls)).Message,
                StringComparison.Ordinal
            );
        }
    }

    private static string Pem()
    {
        using var authority = TestAuthority.Create();
        return authority.Pem;
    }

    private TlsConnection Trusting(string file, string pem) =>
        new() { Verify = TlsVerify.Authorities, Authorities = _directory.Write(file, pem) };

    private TlsClientSettings Load(TlsConnection tls, TlsClientSettings? last = null) =>
        TlsClientSettings.Load(_materials, tls, null, IPAddress.Loopback, last);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Users;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Tls.Tests.Certificates;

/// <summary>Files of certificates and keys, in all the forms that programs write.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private const string Word = "open sesame";

    private readonly TemporaryDirectory _folder = new();
    private readonly TestAuthority _root = TestAuthority.Create("root");
    private readonly TestAuthority _below;
    private readonly TestCertificate _issued;
    private readonly SecretReference _word;

    public CertificateFileTests()
    {
        _below = _root.CreateBelow("below");
        _issued = _below.Issue("Www.Example.com", "*.example.com", "192.0.2.1", "2001:db8::1");
        _word = new(Private("word", Word + "\n"), null);
    }

    public static TheoryData<string> Forms =>
        new("PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PFX", "one file");

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_says_the_same(string form)
    {
        var loaded = CertificateFile.Load(Write(form));
        Assert.Equal(["www.example.com", "*.example.com", "192.0.2.1", "2001:db8::1"], loaded.Names);
        Assert.Equal("CN=below", loaded.Issuer);
        Assert.Equal("ECDSA P-256", loaded.KeyKind);
        Assert.Equal(2, loaded.Chain.Count);
        Assert.Equal(_issued.Certificate.RawData, loaded.Chain[0].ToArray());
        Assert.Equal(_below.Certificate.RawData, loaded.Chain[1].ToArray());
        Assert.Equal(_issued.Certificate.NotAfter.ToUniversalTime(), loaded.NotAfter.UtcDateTime);
        Assert.Equal(_issued.Certificate.NotBefore.ToUniversalTime(), loaded.NotBefore.UtcDateTime);
        Assert.Equal(TimeSpan.Zero, loaded.NotAfter.Offset);
        Assert.Equal(
            _issued.Certificate.GetCertHashString(HashAlgorithmName.SHA256),
            loaded.Fingerprint,
            ignoreCase: true
        );
        // It is the key indeed.
        Assert.False(Material.Resumes(Material.Client("www.example.com"), Material.Server(loaded), "www.example.com"));
        Assert.DoesNotContain(Convert.ToBase64String(loaded.Key.Span), loaded.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSA PRIVATE KEY")]
    [InlineData("PRIVATE KEY")]
    public void RSA_is_read_as_well(string label)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=Only.example",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        using var own = request.CreateSelfSigned(Validity.Current.From, Validity.Current.To);
        var der = label == "PRIVATE KEY" ? key.ExportPkcs8PrivateKey() : key.ExportRSAPrivateKey();
        var file = Private("rsa.pem", own.ExportCertificatePem() + "\n" + PemEncoding.WriteString(label, der));
        var loaded = CertificateFile.Load(new(file, null, null));
        Assert.Equal("RSA 2048", loaded.KeyKind);
        // Without alternative names the common name counts.
        Assert.Equal(["only.example"], loaded.Names);
    }

    [Fact]
    public void A_passphrase_may_stand_in_the_environment()
    {
        var reference = Write("ENCRYPTED PRIVATE KEY");
        Environment.SetEnvironmentVariable("FULCRUM_TEST_WORD", Word);
        Assert.NotNull(CertificateFile.Load(reference with { Passphrase = new(null, "FULCRUM_TEST_WORD") }));
        Says(
            reference with
            {
                Passphrase = new(null, "FULCRUM_TEST_NONE"),
            },
            "the environment has no FULCRUM_TEST_NONE"
        );
    }

    [Fact]
    public void What_is_wrong_is_told_with_the_file_and_what_was_expected()
    {
        var certificates = Private("chain.pem", _issued.ChainPem);
        var key = Private("key.pem", _issued.KeyPem);
        var good = new CertificateReference(certificates, key, null);
        Assert.NotNull(CertificateFile.Load(good));

        Says(good with { File = _folder.PathOf("none.pem") }, "none.pem: does not exist");
        Says(good with { KeyFile = _folder.PathOf("no/key") }, "no/key: does not exist");
        Says(good with { File = _folder.FullName }, ": is a directory, but a file is expected");
        Says(
            good with
            {
                File = key,
            },
            "key.pem: holds no certificate (PEM, BEGIN CERTIFICATE, or a PKCS#12 file is expected)"
        );
        Says(good with { File = Private("empty", "") }, "empty: holds no certificate");
        Says(
            good with
            {
                KeyFile = null,
            },
            "chain.pem: holds no key (PEM, BEGIN PRIVATE KEY, is expected; or name its file)"
        );
        Says(good with { KeyFile = certificates }, "chain.pem: holds no key (PEM, BEGIN PRIVATE KEY, is expected)");
        Says(
            good with
            {
                KeyFile = Private("two", _issued.KeyPem + _issued.KeyPem),
            },
            "two: holds 2 keys, but one is expected"
        );
        Says(
            good with
            {
                File = Private("bad", PemEncoding.WriteString("CERTIFICATE", [48, 1])),
            },
            "bad: the certificate is damaged"
        );
        Says(
            good with
            {
                KeyFile = Private("badkey", PemEncoding.WriteString("PRIVATE KEY", [48, 1])),
            },
            "badkey: the key is damaged"
        );
        Says(
            good with
            {
                File = Private("noise", "0" + new string('x', 100)),
            },
            "noise: is neither PEM nor PKCS#12 without a passphrase"
        );
        Says(
            good with
            {
                KeyFile = Private("old", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"),
            },
            "old: the key is encrypted in the old way of OpenSSL; 'openssl pkcs8 -topk8"
        );
        var big = _folder.PathOf("big");
        using (var stream = File.Create(big))
        {
            stream.SetLength((4 << 20) + 1);
        }
        Says(good with { File = big }, "big: is longer than 4 MiB");
        Says(good with { File = "/dev/zero" }, "/dev/zero: ");
    }

    [Fact]
    public void A_key_has_to_belong_to_the_first_certificate()
    {
        using var other = _below.Issue("other.example");
        using var rsa = RSA.Create(2048);
        foreach (var key in new[] { other.KeyPem, rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem() })
        {
            var reference = new CertificateReference(Private("c.pem", _issued.ChainPem), Private("k.pem", key), null);
            Says(reference, "k.pem: the key does not belong to the certificate");
        }
        var turned = _below.Certificate.ExportCertificatePem() + "\n" + _issued.ChainPem;
        Says(
            new(Private("turned.pem", turned), Private("k.pem", _issued.KeyPem), null),
            "k.pem: the key does not belong to the certificate (the server's own is expected first in its file)"
        );
    }

    [Fact]
    public void A_passphrase_has_to_be_there_and_right()
    {
        var encrypted = Write("ENCRYPTED PRIVATE KEY");
        Says(encrypted with { Passphrase = null }, "the key is encrypted; its passphrase is expected");
        var wrong = new SecretReference(Private("wrong", "sesame"), null);
        Says(encrypted with { Passphrase = wrong }, "the passphrase does not open the key, or the key is damaged");
        Says(Write("PFX") with { Passphrase = wrong }, "the passphrase does not open it, or it is no PKCS#12 file");
        Says(Write("PFX") with { Passphrase = null }, "is neither PEM nor PKCS#12 without a passphrase");
        var big = new SecretReference(Private("long", new string('x', 5000)), null);
        Says(encrypted with { Passphrase = big }, "long: is longer than 4096 bytes, but a passphrase is expected");
        Says(encrypted with { Passphrase = new(_folder.PathOf("gone"), null) }, "gone: does not exist");
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_key_that_everybody_can_read_is_refused(string form)
    {
        var reference = Write(form);
        var file = reference.KeyFile ?? reference.File;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Says(reference, $"{file}: everybody can read the key; 'chmod o-r {file}' helps");
        if (reference.KeyFile is not null)
        {
            // Certificates are everybody's.
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            File.SetUnixFileMode(reference.File, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.NotNull(CertificateFile.Load(reference));
        }
    }

    [Fact]
    public void What_this_user_may_not_read_is_told()
    {
        var reference = Write("one file");
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        var said = OtherUser.Do(
            OtherUser.Nobody,
            [OtherUser.Nobody],
            () => Assert.Throws<TlsException>(() => CertificateFile.Load(reference)).Message
        );
        Assert.Equal($"{reference.File}: this user may not read it", said);
    }

    [Theory]
    [InlineData("bad-begin")]
    [InlineData("bad-end")]
    [InlineData("bad-name")]
    [InlineData("bad-curve")]
    public void What_turns_out_damaged_late_is_told_as_well(string name)
    {
        var bytes = File.ReadAllBytes(Repository.PathOf("tests/Fulcrum.Fuzz/Corpus/certificate", name));
        var path = Private(name, "");
        File.WriteAllBytes(path, bytes);
        Says(new(path, null, null), $"{name}: ");
    }

    [Fact]
    public void Kinds_of_keys_that_are_not_supported_are_named()
    {
        var files = Tool.Run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-subj",
            "/CN=e.example",
            "-days",
            "1",
            "-keyout",
            "-"
        );
        Says(new(Private("ed.pem", files), null, null), "is of the kind 1.3.101.112; RSA and ECDSA are supported");
    }

    public void Dispose()
    {
        _issued.Dispose();
        _below.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }

    private static void Says(CertificateReference reference, string what) =>
        Assert.Contains(
            what,
            Assert.Throws<TlsException>(() => CertificateFile.Load(reference)).Message,
            StringComparison.Ordinal
        );

    private CertificateReference Write(string form)
    {
        using var key = _issued.Certificate.GetECDsaPrivateKey()!;
        switch (form)
        {
            case "PFX":
                var file = Private("all.pfx", "");
                var all = new X509Certificate2Collection { _below.Certificate, _issued.Certificate };
                // The authority's key stays at home.
                all[0] = X509CertificateLoader.LoadCertificate(_below.Certificate.RawData);
                File.WriteAllBytes(file, all.Export(X509ContentType.Pkcs12, Word)!);
                return new(file, null, _word);
            case "one file":
                return new(Private("all.pem", _issued.KeyPem + "some words\n" + _issued.ChainPem), null, null);
            case "ENCRYPTED PRIVATE KEY":
                return new(
                    Private("chain.pem", _issued.ChainPem),
                    Private("encrypted.pem", _issued.EncryptedKeyPem(Word)),
                    _word
                );
            default:
                var der = form == "PRIVATE KEY" ? key.ExportPkcs8PrivateKey() : key.ExportECPrivateKey();
                return new(
                    Private("chain.pem", _issued.ChainPem),
                    Private("key.pem", PemEncoding.WriteString(form, der)),
                    null
                );
        }
    }

    private string Private(string name, string text)
    {
        var path = _folder.Write(name, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}

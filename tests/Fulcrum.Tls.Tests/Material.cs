using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;

namespace Fulcrum.Tls.Tests;

/// <summary>Certificates, servers and clients for tests, without files where none are needed.</summary>
internal static class Material
{
    public static LoadedCertificate Load(TestCertificate certificate)
    {
        using var key = certificate.Certificate.GetECDsaPrivateKey()!;
        return LoadedCertificate.Of("test", ChainOf(certificate.ChainPem), key.ExportPkcs8PrivateKey());
    }

    /// <summary>With a key of RSA, signed by itself.</summary>
    public static LoadedCertificate Rsa(params string[] names)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            $"CN={names[0]}",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.CreateSelfSigned(Validity.Current.From, Validity.Current.To);
        return LoadedCertificate.Of("test", [certificate.RawData], key.ExportPkcs8PrivateKey());
    }

    public static LoadedCertificate SelfSigned(params string[] names)
    {
        using var certificate = TestAuthority.SelfSigned(names);
        return Load(certificate);
    }

    public static TlsServer Server(params LoadedCertificate[] certificates) =>
        TlsServer.Create(new TlsServerSettings { Certificates = Items.From(certificates) });

    /// <summary>Believes everybody.</summary>
    public static TlsClient Client(string? name = "a.example", params string[] alpn) =>
        TlsClient.Create(
            new TlsClientSettings
            {
                Verify = TlsVerify.None,
                ServerName = name,
                Alpn = Items.From(alpn),
            }
        );

    public static Conversation Meet(TlsClient client, TlsServer server, string name = "a.example")
    {
        var accepted = server.Accept(name);
        Assert.NotNull(accepted);
        return new(client.Connect(), accepted);
    }

    /// <summary>A whole conversation with a word each way and a regular end.</summary>
    public static bool Resumes(TlsClient client, TlsServer server, string name = "a.example")
    {
        using var conversation = Meet(client, server, name).Run();
        Assert.True(
            conversation.AreEstablished,
            conversation.Server.Engine.Problem ?? conversation.Client.Engine.Problem
        );
        Assert.True(conversation.Server.Says("hello"u8));
        conversation.Run();
        Assert.Equal("hello"u8.ToArray(), conversation.Client.Heard);
        Assert.Equal(conversation.Server.Engine.IsResumed, conversation.Client.Engine.IsResumed);
        return conversation.Client.Engine.IsResumed;
    }

    private static Items<ReadOnlyMemory<byte>> ChainOf(string pem) =>
        Items.From(
            PemBlocks
                .Read("test", System.Text.Encoding.ASCII.GetBytes(pem))
                .Select(block => (ReadOnlyMemory<byte>)block.Data)
        );
}

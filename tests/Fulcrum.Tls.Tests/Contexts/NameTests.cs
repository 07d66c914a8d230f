using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests.Contexts;

/// <summary>Which certificate is shown to whom.</summary>
public sealed class NameTests
{
    private static readonly LoadedCertificate First = Material.SelfSigned("first.example", "www.first.example");
    private static readonly LoadedCertificate Wild = Material.SelfSigned("*.wild.example");
    private static readonly LoadedCertificate Exact = Material.SelfSigned("exact.wild.example", "192.0.2.1");

    [Theory]
    [InlineData("first.example", "first")]
    [InlineData("www.first.example", "first")]
    [InlineData("a.wild.example", "wild")]
    [InlineData("exact.wild.example", "exact")]
    [InlineData("192.0.2.1", "exact")]
    [InlineData("a.b.wild.example", null)]
    [InlineData("wild.example", null)]
    [InlineData(".wild.example", null)]
    [InlineData("*.wild.example", "wild")]
    [InlineData("other.example", null)]
    [InlineData("localhost", null)]
    [InlineData("", null)]
    public void The_name_chooses_the_certificate(string name, string? expected)
    {
        var refusing = Server(UnknownName.Refuse);
        if (expected is null)
        {
            Assert.Null(refusing.Accept(name));
        }
        else
        {
            Assert.Equal(expected, Shown(refusing, name));
        }
        Assert.Equal(expected ?? "first", Shown(Server(UnknownName.Default), name));
    }

    [Fact]
    public void A_refused_name_is_told_by_an_alert()
    {
        using var client = Material.Client("nobody.example").Connect();
        var room = new byte[TlsEngine.UsualReply];
        client.Receive([], [], room);
        var turn = client.Receive(TlsServer.RefusedName, [], room);
        Assert.Equal(TlsOutcome.Failed, turn.Outcome);
        Assert.Equal((TlsFailure.Alert, 112), (client.Failure, client.PeerAlert));
    }

    [Theory]
    [InlineData("ECDSA+SHA256", "ecdsa")]
    [InlineData("RSA-PSS+SHA256:RSA+SHA256", "rsa")]
    [InlineData("ECDSA+SHA256:RSA-PSS+SHA256", "ecdsa")]
    public void What_a_client_can_verify_chooses_among_kinds_of_keys(string signatures, string expected)
    {
        var server = Material.Server(Material.SelfSigned("a.example"), Material.Rsa("a.example", "rsa.example"));
        foreach (var version in new[] { TlsVersion.Tls12, TlsVersion.Tls13 })
        {
            var client = Versions.WithSignatures(signatures, Versions.Only(version, Material.Client()));
            using var conversation = Material.Meet(client, server).Run();
            Assert.True(conversation.AreEstablished, conversation.Server.Engine.Problem);
            Assert.Equal(expected, KindOf(conversation.Client.Engine.PeerCertificate!));
        }
        using var only = Material.Meet(Material.Client("rsa.example"), server, "rsa.example").Run();
        Assert.Equal("rsa", KindOf(only.Client.Engine.PeerCertificate!));
    }

    [Fact]
    public void A_client_that_can_verify_none_of_them_is_refused()
    {
        var client = Versions.WithSignatures("RSA-PSS+SHA256", Material.Client());
        using var conversation = Material.Meet(client, Material.Server(First), "first.example").Run();
        Assert.Equal(TlsFailure.Cipher, conversation.Server.Engine.Failure);
        Assert.Equal(
            (TlsFailure.Alert, 40),
            (conversation.Client.Engine.Failure, conversation.Client.Engine.PeerAlert)
        );
    }

    [Fact]
    public void The_authorities_of_the_chain_are_shown()
    {
        using var root = TestAuthority.Create();
        using var below = root.CreateBelow("below");
        using var issued = below.Issue("a.example");
        using var folder = new TestKit.TemporaryDirectory();
        var client = TlsClient.Create(
            new TlsClientSettings
            {
                Verify = TlsVerify.Authorities,
                Authorities = folder.Write("root.pem", root.Pem),
                ServerName = "a.example",
            }
        );
        using var conversation = Material.Meet(client, Material.Server(Material.Load(issued))).Run();
        Assert.True(conversation.AreEstablished, conversation.Client.Engine.Problem);
    }

    [Fact]
    public void A_server_needs_a_certificate() =>
        Assert.Contains(
            "needs a certificate",
            Assert.Throws<TlsException>(() => Material.Server()).Message,
            StringComparison.Ordinal
        );

    private static TlsServer Server(UnknownName unknown) =>
        TlsServer.Create(new TlsServerSettings { Certificates = [First, Wild, Exact], UnknownName = unknown });

    private static string Shown(TlsServer server, string name)
    {
        using var conversation = Material.Meet(Material.Client(name.TrimStart('.', '*')), server, name).Run();
        Assert.True(conversation.AreEstablished);
        var der = conversation.Client.Engine.PeerCertificate!.AsSpan();
        return der.SequenceEqual(First.Chain[0].Span) ? "first"
            : der.SequenceEqual(Wild.Chain[0].Span) ? "wild"
            : "exact";
    }

    private static string KindOf(byte[] der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        return certificate.PublicKey.Oid.Value == "1.2.840.113549.1.1.1" ? "rsa" : "ecdsa";
    }
}

using System.Globalization;
using System.Security.Authentication;
using Fulcrum.Health.Tls;
using Fulcrum.Model.Tls;

namespace Fulcrum.Health.Tests.Tls;

public sealed class CertificateFaultTests(TlsFixture tls) : IClassFixture<TlsFixture>
{
    private const string Shop = "shop.example.com";

    // TO and FROM: the day the certificate is valid to and from.
    [Theory]
    [InlineData("good", Shop, null)]
    [InlineData("good", "WWW.example.COM", null)]
    [InlineData(
        "good",
        "other.example.com",
        "certificate is for shop.example.com, www.example.com, not other.example.com"
    )]
    [InlineData("good", null, "certificate is for shop.example.com, www.example.com, not 192.0.2.1")]
    [InlineData("expired", Shop, "certificate expired on TO")]
    [InlineData("not yet", Shop, "certificate not valid before FROM")]
    [InlineData("other", Shop, "certificate is for a.example.com, b.example.com, not shop.example.com")]
    [InlineData(
        "many",
        Shop,
        "certificate is for 1.example.com, 2.example.com, 3.example.com, 4.example.com, 5.example.com, ..., not shop.example.com"
    )]
    [InlineData("wildcard", Shop, null)]
    [InlineData("wildcard", "a.b.example.com", "certificate is for *.example.com, not a.b.example.com")]
    [InlineData("wildcard", "example.com", "certificate is for *.example.com, not example.com")]
    [InlineData("wildcard", "under_score!", "certificate is for *.example.com, not under_score!")]
    [InlineData("address", null, null)]
    [InlineData("address", Shop, "certificate is for 192.0.2.1, 2001:db8::1, not shop.example.com")]
    [InlineData("nameless", Shop, "certificate is for no name, not shop.example.com")]
    [InlineData("below", Shop, null)]
    [InlineData("below expired", Shop, "certificate of its authority expired on TO")]
    [InlineData("unknown", Shop, "certificate is not signed by a known authority")]
    [InlineData("unknown below", Shop, "certificate is not signed by a known authority")]
    [InlineData("self-signed", Shop, "certificate is self-signed")]
    public void It_is_told_in_the_words_of_the_field(string certificate, string? name, string? fault)
    {
        foreach (var version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 })
        {
            using var server = tls.Serve(certificate, version);
            using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted, name));
            server.Converse(client);
            var validity = tls[certificate].Certificate;
            var to = certificate == "below expired" ? tls["expired"].Certificate.NotAfter : validity.NotAfter;
            Assert.Equal(
                fault
                    ?.Replace("TO", Day(to), StringComparison.Ordinal)
                    .Replace("FROM", Day(validity.NotBefore), StringComparison.Ordinal),
                client.Failure
            );
            Assert.Equal(fault is null ? TlsClientState.Open : TlsClientState.Failed, client.State);
            Assert.Equal(fault is not null, client.Session is null);
        }
    }

    [Theory]
    [InlineData("192.0.2.1", null)]
    [InlineData("::ffff:192.0.2.1", null)]
    [InlineData("2001:db8::1", null)]
    [InlineData("192.0.2.2", "certificate is for 192.0.2.1, 2001:db8::1, not 192.0.2.2")]
    [InlineData("2001:db8::2", "certificate is for 192.0.2.1, 2001:db8::1, not 2001:db8::2")]
    public void Without_a_name_it_must_be_for_the_address(string address, string? fault)
    {
        using var server = tls.Serve("address");
        using var client = TlsFixture.Start(TlsFixture.Load(tls.Trusted, null, address));
        server.Converse(client);
        Assert.Equal(fault, client.Failure);
    }

    [Theory]
    [InlineData("good")]
    [InlineData("expired")]
    [InlineData("other")]
    [InlineData("unknown")]
    [InlineData("self-signed")]
    public void The_system_does_not_know_them_and_who_verifies_nothing_takes_all(string certificate)
    {
        using var server = tls.Serve(certificate);
        using var client = TlsFixture.Start(TlsFixture.Load(new() { Verify = TlsVerify.None }));
        server.Converse(client);
        Assert.Equal(TlsClientState.Open, client.State);

        using var second = tls.Serve(certificate);
        using var careful = TlsFixture.Start(TlsFixture.Load(new() { Verify = TlsVerify.System }));
        second.Converse(careful);
        Assert.Equal(TlsClientState.Failed, careful.State);
        Assert.StartsWith("certificate ", careful.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Verifying_leaves_nothing_in_what_is_shared()
    {
        var settings = TlsFixture.Load(tls.Trusted);
        for (var i = 0; i < 3; i++)
        {
            using var server = tls.Serve("below");
            using var client = TlsFixture.Start(settings);
            server.Converse(client);
            Assert.Equal(TlsClientState.Open, client.State);
            var policy = settings.Options.CertificateChainPolicy!;
            Assert.Equal(
                (0, 1, 0),
                (policy.ExtraStore.Count, policy.CustomTrustStore.Count, policy.ApplicationPolicy.Count)
            );
        }
    }

    private static string Day(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Tests.Contexts;

/// <summary>Which groups keys are exchanged in.</summary>
public sealed unsafe class GroupTests
{
    private const int Negotiated = 134;
    private const int P256 = 415;
    private const int P384 = 715;
    private const int X25519 = 1034;

    private readonly LoadedCertificate _own = Material.SelfSigned("a.example");

    [Theory]
    [InlineData("X25519", X25519)]
    [InlineData("P-256", P256)]
    [InlineData("P-384 P-256", P384)]
    [InlineData("P-256 P-384", P256)]
    [InlineData("secp384r1", P384)]
    public void The_first_that_both_know_is_taken(string groups, int expected)
    {
        using var conversation = Material.Meet(Material.Client(), Server(groups)).Run();
        Assert.True(conversation.AreEstablished, conversation.Server.Engine.Problem);
        Assert.Equal(expected, (int)Ssl.Control(conversation.Server.Engine.Handle, Negotiated, 0, null));
    }

    [Theory]
    [InlineData("X25519 P-257", "'P-257'")]
    [InlineData("X25519:P-256", "'X25519:P-256'")]
    [InlineData("X25519 X25519", "twice")]
    public void What_the_library_does_not_know_is_named(string groups, string what)
    {
        var message = Assert.Throws<TlsException>(() => Server(groups)).Message;
        Assert.StartsWith("groups: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    private TlsServer Server(string groups) =>
        TlsServer.Create(new TlsServerSettings { Certificates = [_own], Groups = Items.From(groups.Split(' ')) });
}

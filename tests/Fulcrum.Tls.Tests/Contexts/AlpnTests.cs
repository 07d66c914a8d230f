using System.Text;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests.Contexts;

/// <summary>Protocols above TLS (RFC 7301).</summary>
public sealed class AlpnTests
{
    private static readonly LoadedCertificate Certificate = Material.SelfSigned("a.example");

    [Theory]
    [InlineData("h2,http/1.1", "http/1.1,h2", "h2")]
    [InlineData("h2,http/1.1", "http/1.1", "http/1.1")]
    [InlineData("h2", "h,h22,h2", "h2")]
    [InlineData("h2", "", "")]
    [InlineData("", "h2", "")]
    [InlineData("", "", "")]
    public void The_server_chooses_in_its_own_order(string ours, string theirs, string agreed)
    {
        using var conversation = Meet(ours, theirs).Run();
        Assert.True(conversation.AreEstablished, conversation.Server.Engine.Problem);
        foreach (var engine in new[] { conversation.Client.Engine, conversation.Server.Engine })
        {
            Assert.Equal(agreed, Encoding.ASCII.GetString(engine.Alpn));
            var list = agreed.Length == 0 ? [] : (byte[])[(byte)agreed.Length, .. Encoding.ASCII.GetBytes(agreed)];
            Assert.Equal(list, engine.AlpnList.ToArray());
        }
    }

    [Fact]
    public void Nothing_in_common_ends_the_handshake()
    {
        using var conversation = Meet("h2", "http/1.1").Run();
        Assert.Equal(TlsFailure.Alpn, conversation.Server.Engine.Failure);
        // A fatal alert, no_application_protocol.
        Assert.Equal([21, 3, 3, 0, 2, 2, 120], conversation.Server.LastRecord);
        Assert.Equal(
            (TlsFailure.Alert, 120),
            (conversation.Client.Engine.Failure, conversation.Client.Engine.PeerAlert)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("long")]
    public void A_name_has_to_fit_the_wire(string name)
    {
        var bad = name.Length == 0 ? name : new string('a', 256);
        var thrown = Assert.Throws<TlsException>(() => Material.Client("a.example", bad));
        Assert.Contains("between 1 and 255 bytes", thrown.Message, StringComparison.Ordinal);
    }

    private static Conversation Meet(string ours, string theirs)
    {
        var server = TlsServer.Create(
            new TlsServerSettings
            {
                Certificates = [Certificate],
                Alpn = Items.From(ours.Split(',', StringSplitOptions.RemoveEmptyEntries)),
            }
        );
        return Material.Meet(
            Material.Client("a.example", theirs.Split(',', StringSplitOptions.RemoveEmptyEntries)),
            server
        );
    }
}

using System.Text;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests.Engine;

/// <summary>What is told of a connection that cannot be, here and on the wire.</summary>
public sealed class FailureTests
{
    private static readonly LoadedCertificate Certificate = Material.SelfSigned("a.example");
    private static readonly TlsServer Server = Material.Server(Certificate);

    [Fact]
    public void An_old_client_is_told_of_the_version()
    {
        var modern = TlsServer.Create(
            new TlsServerSettings { Certificates = [Certificate], Profile = TlsProfile.Modern }
        );
        var newest = TlsServer.Create(
            new TlsServerSettings { Certificates = [Certificate], MinimumVersion = TlsVersion.Tls13 }
        );
        foreach (var server in new[] { modern, newest })
        {
            using var conversation = Material.Meet(Versions.Only(TlsVersion.Tls12, Material.Client()), server).Run();
            Assert.Equal(TlsFailure.Version, conversation.Server.Engine.Failure);
            Assert.Equal((byte[])[0, 2, 2, 70], conversation.Server.LastRecord[3..]);
            Assert.Equal(
                (TlsFailure.Alert, 70),
                (conversation.Client.Engine.Failure, conversation.Client.Engine.PeerAlert)
            );
            Assert.Equal("unsupported protocol", conversation.Server.Engine.Problem);
        }
    }

    [Fact]
    public void TLS_1_2_is_spoken_with_those_who_know_no_better()
    {
        using var conversation = Versions.Meet(TlsVersion.Tls12).Run();
        Assert.True(conversation.AreEstablished);
        Assert.Equal(TlsVersion.Tls12, conversation.Client.Engine.Version);
        Assert.Equal("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", conversation.Client.Engine.Cipher);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u0004\u0001\u0000\u0000\u0000")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0003\u0003")]
    [InlineData("\u0017\u0003\u0003\u0000\u0002hi")]
    public void What_is_not_TLS_is_refused(string said)
    {
        var bytes = Encoding.Latin1.GetBytes(said);
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            using var server = Server.Accept("")!;
            var peer = new TlsPeer(server);
            for (var at = 0; at < bytes.Length && !peer.HasFailed; at += piece)
            {
                peer.Receive(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)), () => TlsEngine.UsualReply);
            }
            Assert.True(peer.HasFailed);
            Assert.Equal(TlsFailure.Protocol, server.Failure);
            Assert.Null(server.PeerAlert);
            // It stays so, whatever comes.
            var word = server.Problem;
            Assert.Equal(TlsOutcome.Failed, server.Receive(bytes, [], new byte[100]).Outcome);
            Assert.Equal(word, server.Problem);
        }
    }

    [Fact]
    public void A_hello_that_is_cut_waits_for_the_rest()
    {
        using var client = Material.Client().Connect();
        var hello = new byte[TlsEngine.UsualReply];
        var length = client.Receive([], [], hello).Wire;
        for (var cut = 0; cut < length; cut++)
        {
            using var server = Server.Accept("")!;
            var turn = server.Receive(hello.AsSpan(0, cut), [], new byte[TlsEngine.UsualReply]);
            Assert.Equal(new TlsTurn(TlsOutcome.Continue, cut, 0, 0), turn);
        }
    }

    [Fact]
    public void The_longest_hellos_are_read()
    {
        // As many protocols as fit a record make a hello of more than 16 KiB.
        var many = Enumerable.Range(0, 64).Select(at => new string((char)('a' + (at % 26)), 252) + at).ToArray();
        var client = Material.Client("a.example", [.. many, "h2"]);
        using var conversation = Material.Meet(client, Server);
        conversation.Run();
        Assert.InRange(conversation.Client.Sent.Count, 16 * 1024, int.MaxValue);
        Assert.True(conversation.AreEstablished, conversation.Server.Engine.Problem);
    }

    [Fact]
    public void A_record_that_was_changed_on_its_way_ends_the_connection()
    {
        using var conversation = Material.Meet(Material.Client(), Server).Run();
        conversation.Client.Says("for you"u8);
        var record = conversation.Client.TakeSent();
        record[^1] ^= 1;
        conversation.Client.Put(record);
        conversation.Run();
        Assert.Empty(conversation.Server.Heard);
        Assert.Equal(TlsFailure.Protocol, conversation.Server.Engine.Failure);
        Assert.Equal(
            (TlsFailure.Alert, 20),
            (conversation.Client.Engine.Failure, conversation.Client.Engine.PeerAlert)
        );
    }

    [Fact]
    public void Nothing_that_comes_does_more_than_fail()
    {
        var random = Seeds.NewRandom();
        using var recorded = Material.Meet(Material.Client(), Server).Run();
        recorded.Client.Says(new byte[100]);
        recorded.Server.Says(new byte[100]);
        for (var round = 0; round < 2000; round++)
        {
            var isServer = random.Next(2) == 0;
            byte[] bytes = [.. (isServer ? recorded.Client : recorded.Server).Sent];
            for (var changes = random.Next(1, 8); changes > 0; changes--)
            {
                bytes[random.Next(Math.Min(bytes.Length, random.Next(1, bytes.Length)))] = (byte)random.Next(256);
            }
            using var engine = isServer ? Server.Accept("")! : Material.Client().Connect();
            var peer = new TlsPeer(engine);
            peer.Start(() => TlsEngine.UsualReply);
            peer.Receive(bytes.AsSpan(0, random.Next(bytes.Length)), () => TlsEngine.UsualReply);
            peer.Receive(bytes, () => TlsEngine.UsualReply);
            // The numbers that the other side has drawn then fit no other handshake.
            Assert.False(engine.IsEstablished);
            Assert.Empty(peer.Heard);
        }
    }

    [Fact]
    public void Renegotiation_is_refused()
    {
        using var conversation = Versions.Meet(TlsVersion.Tls12).Run();
        Versions.Renegotiate(conversation.Client.Engine);
        conversation.Client.Begin();
        conversation.Run();
        // The server has sent a warning, after which this client does not go on.
        Assert.Equal("no renegotiation", conversation.Client.Engine.Problem);
        Assert.Equal(TlsFailure.Alert, conversation.Server.Engine.Failure);
    }

    [Fact]
    public void What_is_disposed_is_not_used()
    {
        var engine = Server.Accept("")!;
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.Receive([], [], []));
    }
}

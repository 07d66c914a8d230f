using System.Text;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests.Engine;

/// <summary>What goes in at one end comes out at the other, however the wire is cut.</summary>
public sealed class RelayTests
{
    private static readonly TlsServer Server = Material.Server(Material.SelfSigned("a.example"));
    private static readonly TlsClient Client = Material.Client();

    [Fact]
    public void Both_hear_what_the_other_says()
    {
        using var conversation = Material.Meet(Client, Server).Run();
        Assert.True(conversation.AreEstablished);
        Assert.Equal(TlsVersion.Tls13, conversation.Server.Engine.Version);
        Assert.Equal("TLS_AES_128_GCM_SHA256", conversation.Client.Engine.Cipher);
        Assert.Equal("a.example", conversation.Server.Engine.ServerName);
        Assert.Null(conversation.Server.Engine.PeerCertificate);
        Assert.NotNull(conversation.Client.Engine.PeerCertificate);
        Assert.Null(conversation.Client.Engine.Problem);
        conversation.Client.Says("question"u8);
        conversation.Server.Says("answer"u8);
        conversation.Run();
        Assert.Equal("question", Encoding.ASCII.GetString([.. conversation.Server.Heard]));
        Assert.Equal("answer", Encoding.ASCII.GetString([.. conversation.Client.Heard]));
    }

    [Fact]
    public void Bytes_may_come_one_by_one_and_replies_have_no_room_but_for_one()
    {
        using var conversation = new Conversation(Client.Connect(), Server.Accept("a.example")!)
        {
            Piece = () => 1,
            Room = () => 1,
        }.Run();
        Assert.True(conversation.AreEstablished);
        conversation.Server.Says("answer"u8, () => 1);
        conversation.Client.Says("question"u8, () => 1);
        conversation.Server.Finish(() => 1);
        conversation.Run();
        Assert.Equal("question", Encoding.ASCII.GetString([.. conversation.Server.Heard]));
        Assert.Equal("answer", Encoding.ASCII.GetString([.. conversation.Client.Heard]));
        Assert.True(conversation.Client.HasEnded);
    }

    [Fact]
    public void Anything_comes_out_as_it_went_in()
    {
        var random = Seeds.NewRandom();
        for (var round = 0; round < 40; round++)
        {
            Exchange(random);
        }
    }

    [Fact]
    public void After_its_end_the_other_may_go_on()
    {
        using var conversation = Material.Meet(Client, Server).Run();
        conversation.Client.Says("all I have"u8);
        conversation.Client.Finish();
        conversation.Client.Finish();
        conversation.Run();
        Assert.True(conversation.Server.HasEnded);
        Assert.False(conversation.Client.HasEnded);
        Assert.True(conversation.Server.Says(new byte[100_000]));
        conversation.Server.Finish();
        conversation.Run();
        Assert.Equal(100_000, conversation.Client.Heard.Count);
        Assert.True(conversation.Client.HasEnded);
        Assert.False(conversation.Client.Says("more"u8));
    }

    [Fact]
    public void Saying_the_end_twice_loses_nothing_that_has_come()
    {
        using var conversation = Material.Meet(Client, Server).Run();
        conversation.Server.Says("answer"u8);
        var client = conversation.Client.Engine;
        var plain = new byte[6];
        var reply = new byte[100];
        var first = client.Receive(conversation.Server.TakeSent(), plain.AsSpan(0, 1), reply);
        Assert.Equal(1, first.Plain);
        Assert.InRange(client.Finish(reply).Wire, 1, reply.Length);
        Assert.Equal(default, client.Finish(reply));
        var rest = client.Receive([], plain.AsSpan(1), reply);
        Assert.Equal((TlsOutcome.Continue, 5), (rest.Outcome, rest.Plain));
        Assert.Equal("answer", Encoding.ASCII.GetString(plain));
    }

    [Fact]
    public void What_comes_behind_the_end_is_not_heard()
    {
        using var conversation = Material.Meet(Client, Server).Run();
        conversation.Client.Says("said"u8);
        conversation.Client.Finish();
        conversation.Client.Put([23, 3, 3, 0, 5, 1, 2, 3, 4, 5]);
        conversation.Run();
        Assert.Equal("said", Encoding.ASCII.GetString([.. conversation.Server.Heard]));
        Assert.True(conversation.Server.HasEnded);
        Assert.False(conversation.Server.HasFailed);
    }

    [Fact]
    public void Without_room_for_the_application_only_the_handshake_goes_on()
    {
        using var client = Client.Connect();
        using var server = Server.Accept("a.example")!;
        var reply = new byte[TlsEngine.UsualReply];
        var hello = client.Receive([], [], reply);
        var answer = new byte[TlsEngine.UsualReply];
        var flight = server.Receive(reply.AsSpan(0, hello.Wire), [], answer);
        Assert.Equal(hello.Wire, flight.Taken);
        var wire = new byte[TlsEngine.UsualReply];
        var end = client.Receive(answer.AsSpan(0, flight.Wire), [], wire);
        Assert.True(client.IsEstablished);
        var said = client.Send("at once"u8, wire.AsSpan(end.Wire));

        var last = server.Receive(wire.AsSpan(0, end.Wire + said.Wire), [], answer);
        Assert.Equal((TlsOutcome.Continue, 0), (last.Outcome, last.Plain));
        Assert.True(server.IsEstablished);
        var plain = new byte[TlsEngine.MaxBuffered];
        var rest = server.Receive(wire.AsSpan(last.Taken, end.Wire + said.Wire - last.Taken), plain, answer);
        Assert.Equal("at once", Encoding.ASCII.GetString(plain, 0, rest.Plain));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(256 * 1024)]
    public void All_that_is_said_is_taken_where_there_is_the_room_that_is_asked_for(int length)
    {
        foreach (var oldest in new[] { TlsVersion.Tls12, TlsVersion.Tls13 })
        {
            using var conversation = Versions.Meet(oldest).Run();
            var wire = new byte[TlsEngine.WireLength(length)];
            var turn = conversation.Server.Engine.Send(new byte[length], wire);
            Assert.Equal((TlsOutcome.Continue, length), (turn.Outcome, turn.Taken));
            Assert.InRange(turn.Wire, length, wire.Length);
        }
    }

    private static void Exchange(Random random)
    {
        var most = random.Next(1, 40_000);
        using var conversation = new Conversation(Client.Connect(), Server.Accept("a.example")!)
        {
            Piece = () => random.Next(1, most),
            Room = () => random.Next(0, 6000),
        }.Run();
        Assert.True(conversation.AreEstablished);
        List<byte>[] said =
        [
            [],
            [],
        ];
        TlsPeer[] peers = [conversation.Client, conversation.Server];
        for (var turn = random.Next(1, 6); turn > 0; turn--)
        {
            var who = random.Next(2);
            var text = new byte[random.Next(random.Next(1, 300 * 1024))];
            random.NextBytes(text);
            Assert.True(peers[who].Says(text, random.Next(2) == 0 ? null : () => random.Next(1, 40_000)));
            said[who].AddRange(text);
            if (random.Next(2) == 0)
            {
                conversation.Run();
            }
        }
        conversation.Client.Finish();
        conversation.Run();
        conversation.Server.Says("still here"u8);
        said[1].AddRange("still here"u8);
        conversation.Run();
        Assert.Equal(said[0], conversation.Server.Heard);
        Assert.Equal(said[1], conversation.Client.Heard);
        Assert.True(conversation.Server.HasEnded);
    }
}

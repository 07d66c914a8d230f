using System.Security.Cryptography;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Tls.Tests.Tickets;

/// <summary>Connections that go on with the keys of earlier ones.</summary>
public sealed class ResumptionTests
{
    private static readonly LoadedCertificate Certificate = Material.SelfSigned("a.example");
    private static readonly TimeSpan Period = TimeSpan.FromHours(12);

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_client_that_comes_again_resumes_every_time(TlsVersion version)
    {
        var server = Server(new TicketKeys(_time));
        var client = Versions.Only(version, Material.Client());
        Assert.False(Material.Resumes(client, server));
        for (var time = 0; time < 5; time++)
        {
            Assert.True(Material.Resumes(client, server));
        }
    }

    [Fact]
    public void A_ticket_of_TLS_1_3_is_used_once()
    {
        var server = Server(new TicketKeys(_time));
        var client = Material.Client();
        Assert.False(Material.Resumes(client, server));
        Assert.Equal(1, client.Sessions.Count);
        using var first = Material.Meet(client, server);
        Assert.Equal(0, client.Sessions.Count);
        using var second = Material.Meet(client, server);
        first.Run();
        second.Run();
        Assert.True(first.Client.Engine.IsResumed);
        Assert.False(second.Client.Engine.IsResumed);
    }

    /// <summary>By itself it would be a packet more, and many clients close without a word from us.</summary>
    [Fact]
    public void A_ticket_of_TLS_1_3_travels_with_the_first_words_that_leave_room_for_it()
    {
        var client = Material.Client();
        using var conversation = Material.Meet(client, Server(new TicketKeys(_time))).Run();
        Assert.Equal(0, client.Sessions.Count);
        foreach (var (room, tickets) in new[] { (0, 0), (TlsEngine.UsualReply, 1), (TlsEngine.UsualReply, 1) })
        {
            conversation.Server.Says("hello"u8, () => TlsEngine.WireLength("hello".Length) + room);
            conversation.Run();
            Assert.Equal(tickets, client.Sessions.Count);
        }
        Assert.Equal("hellohellohello"u8.ToArray(), conversation.Client.Heard);
    }

    [Fact]
    public void A_client_keeps_few_sessions()
    {
        var server = Server(new TicketKeys(_time));
        var client = Material.Client();
        var conversations = Enumerable.Range(0, 20).Select(_ => Material.Meet(client, server)).ToArray();
        foreach (var conversation in conversations)
        {
            conversation.Run();
            conversation.Server.Says("hello"u8);
            conversation.Run().Dispose();
        }
        Assert.Equal(SessionStore.Most, client.Sessions.Count);
        Assert.True(Material.Resumes(client, server));
    }

    [Fact]
    public void A_connection_that_was_cut_can_be_resumed()
    {
        var server = Server(new TicketKeys(_time));
        var client = Material.Client();
        using (var conversation = Material.Meet(client, server).Run())
        {
            conversation.Server.Says("hello"u8);
            conversation.Run();
        }
        Assert.True(Material.Resumes(client, server));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(100, false)]
    public void Keys_are_rotated_and_forgotten(int periods, bool resumes)
    {
        foreach (var version in new[] { TlsVersion.Tls12, TlsVersion.Tls13 })
        {
            foreach (var secret in new ReadOnlyMemory<byte>?[] { null, RandomNumberGenerator.GetBytes(32) })
            {
                var server = Server(new TicketKeys(_time, secret));
                var client = Versions.Only(version, Material.Client());
                Assert.False(Material.Resumes(client, server));
                _time.Advance(Period * periods);
                Assert.Equal(resumes, Material.Resumes(client, server));
            }
        }
    }

    [Fact]
    public void What_an_older_key_has_opened_is_renewed()
    {
        var server = Server(new TicketKeys(_time));
        var client = Material.Client();
        Assert.False(Material.Resumes(client, server));
        for (var time = 0; time < 5; time++)
        {
            _time.Advance(Period * 2);
            Assert.True(Material.Resumes(client, server));
        }
        // With TLS 1.2 the new ticket is to be seen, and without need there is none.
        var old = Versions.Only(TlsVersion.Tls12, Material.Client());
        Assert.True(IsGivenTicket(old, server));
        Assert.False(IsGivenTicket(old, server));
        _time.Advance(Period);
        Assert.True(IsGivenTicket(old, server));
    }

    [Fact]
    public void Each_period_has_its_own_key()
    {
        var keys = new TicketKeys(_time);
        var first = keys.NewestName.ToArray();
        _time.Advance(Period - TimeSpan.FromSeconds(1));
        Assert.Equal(first, keys.NewestName.ToArray());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, keys.NewestName.ToArray());
        // Of the operator's clock random keys know nothing.
        var second = keys.NewestName.ToArray();
        _time.StepWallClock(TimeSpan.FromDays(10));
        Assert.Equal(second, keys.NewestName.ToArray());
    }

    [Fact]
    public void Nodes_with_the_same_secret_resume_each_other_s_connections()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        // The other one's clock is ahead, and it has reached the next period.
        var ahead = new ManualTimeProvider();
        ahead.Advance(Period);
        var one = Server(new TicketKeys(_time, secret));
        var other = Server(new TicketKeys(ahead, secret));
        var stranger = Server(new TicketKeys(_time, RandomNumberGenerator.GetBytes(32)));
        var client = Material.Client();
        Assert.False(Material.Resumes(client, one));
        Assert.True(Material.Resumes(client, other));
        Assert.True(Material.Resumes(client, one));
        Assert.False(Material.Resumes(client, stranger));
        Assert.False(Material.Resumes(client, one));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Tickets_of_a_former_secret_open_as_long_as_they_would_have(int periods, bool resumes)
    {
        var keys = new TicketKeys(_time, RandomNumberGenerator.GetBytes(32));
        var server = Server(keys);
        var client = Material.Client();
        Assert.False(Material.Resumes(client, server));
        _time.Advance(Period * periods);
        keys.Change(RandomNumberGenerator.GetBytes(32));
        Assert.Equal(resumes, Material.Resumes(client, server));
    }

    [Fact]
    public void A_changed_secret_protects_what_is_new()
    {
        var (former, next) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var keys = new TicketKeys(_time, former);
        keys.Change(next);
        var client = Material.Client();
        Assert.False(Material.Resumes(client, Server(keys)));
        Assert.True(Material.Resumes(client, Server(new TicketKeys(_time, next))));

        // Another node may have the former one for a while, and even be in its next period.
        var ahead = new ManualTimeProvider();
        ahead.Advance(Period);
        var late = Material.Client();
        Assert.False(Material.Resumes(late, Server(new TicketKeys(ahead, former))));
        Assert.True(Material.Resumes(late, Server(keys)));
    }

    [Fact]
    public void Of_secrets_that_change_often_the_newest_still_open()
    {
        var keys = new TicketKeys(_time, RandomNumberGenerator.GetBytes(32));
        var server = Server(keys);
        var (old, recent) = (Material.Client(), Material.Client());
        Assert.False(Material.Resumes(old, server));
        for (var change = 0; change < 10; change++)
        {
            keys.Change(RandomNumberGenerator.GetBytes(32));
        }
        Assert.False(Material.Resumes(recent, server));
        keys.Change(RandomNumberGenerator.GetBytes(32));
        Assert.True(Material.Resumes(recent, server));
        Assert.False(Material.Resumes(old, server));
    }

    [Fact]
    public void A_file_that_is_written_anew_with_the_same_changes_nothing()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var keys = new TicketKeys(_time, secret);
        var client = Material.Client();
        Assert.False(Material.Resumes(client, Server(keys)));
        for (var change = 0; change < 20; change++)
        {
            keys.Change(secret);
        }
        Assert.True(Material.Resumes(client, Server(keys)));
    }

    [Fact]
    public void A_secret_has_to_be_long()
    {
        var thrown = Assert.Throws<TlsException>(() => new TicketKeys(_time, new byte[31]));
        Assert.Contains("at least 32 bytes", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_keys_nobody_resumes()
    {
        var server = Server(null);
        foreach (var version in new[] { TlsVersion.Tls12, TlsVersion.Tls13 })
        {
            var client = Versions.Only(version, Material.Client());
            Assert.False(Material.Resumes(client, server));
            Assert.False(Material.Resumes(client, server));
        }
    }

    [Fact]
    public void A_renewed_certificate_costs_nobody_a_handshake()
    {
        var keys = new TicketKeys(_time);
        var client = Material.Client();
        Assert.False(Material.Resumes(client, Server(keys)));
        var renewed = TlsServer.Create(
            new TlsServerSettings { Certificates = [Material.SelfSigned("a.example")], Tickets = keys }
        );
        Assert.True(Material.Resumes(client, renewed));
    }

    /// <summary>Nobody comes in by a ticket of another door.</summary>
    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_ticket_is_good_only_where_the_same_is_asked(TlsVersion version)
    {
        using var authority = TestAuthority.Create();
        using var folder = new TemporaryDirectory();
        var keys = new TicketKeys(_time);
        var settings = new TlsServerSettings { Certificates = [Certificate], Tickets = keys };
        var open = TlsServer.Create(settings);
        var guarded = TlsServer.Create(
            settings with
            {
                ClientAuthorities = folder.Write("clients.pem", authority.Pem),
                IsClientCertificateOptional = true,
            }
        );
        var elsewhere = TlsServer.Create(settings with { Certificates = [Material.SelfSigned("b.example")] });
        foreach (var other in new[] { guarded, elsewhere })
        {
            var client = Versions.Only(version, Material.Client());
            Assert.False(Material.Resumes(client, open));
            Assert.False(Material.Resumes(client, other));
            Assert.True(Material.Resumes(client, other));
        }
    }

    [Fact]
    public void Loops_that_see_a_new_period_at_once_agree_on_its_key()
    {
        var keys = new TicketKeys(_time);
        for (var round = 0; round < 50; round++)
        {
            _time.Advance(Period);
            var names = new string[4];
            using var barrier = new Barrier(names.Length);
            var threads = Enumerable
                .Range(0, names.Length)
                .Select(at => new Thread(() =>
                {
                    barrier.SignalAndWait();
                    names[at] = Convert.ToHexString(keys.NewestName);
                }))
                .ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.Single(names.Distinct(StringComparer.Ordinal));
        }
    }

    private static bool IsGivenTicket(TlsClient client, TlsServer server)
    {
        using var conversation = Material.Meet(client, server).Run();
        Assert.True(conversation.AreEstablished);
        const byte Handshake = 22;
        const byte NewSessionTicket = 4;
        return conversation.Server.Records.Any(record => record[0] == Handshake && record[5] == NewSessionTicket);
    }

    private static TlsServer Server(TicketKeys? keys) =>
        TlsServer.Create(new TlsServerSettings { Certificates = Items.Create([Certificate]), Tickets = keys });
}

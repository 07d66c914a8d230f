using System.Security.Authentication;
using System.Text;
using Fulcrum.Protocols.Tls;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Tls;

public sealed class ClientHelloReaderTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, "0303")]
    [InlineData(SslProtocols.Tls13, "0304")]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, "0304")]
    public async Task What_a_real_client_says_is_read(SslProtocols versions, string newest)
    {
        var sent = await Hellos.Real("Www.Example.COM", versions, "h2", "http/1.1");
        var said = Hellos.Describe(sent);
        Assert.StartsWith($"www.example.com [h2,http/1.1] {newest}", said, StringComparison.Ordinal);
        for (var length = 0; length < sent.Length; length++)
        {
            Assert.Equal("NeedMore", Hellos.Describe(sent.AsSpan(0, length)));
        }

        var message = Hellos.MessageOf(sent);
        foreach (var size in new[] { (message.Length / 256) + 1, 5, 100, 512, message.Length - 1 })
        {
            var records = Hellos.Records(message, size);
            for (var length = 0; length < records.Length; length++)
            {
                Assert.Equal("NeedMore", Hellos.Describe(records.AsSpan(0, length)));
            }

            Assert.Equal(said, Hellos.Describe(records));
            Assert.Equal(said, Hellos.Describe([.. records, 20, 3, 3, 0, 1, 1]));
        }
    }

    [Fact]
    public async Task A_real_client_need_not_say_a_name()
    {
        var sent = await Hellos.Real(null, SslProtocols.Tls12);
        Assert.StartsWith(" [] 0303", Hellos.Describe(sent), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_client_makes_up_is_passed_over()
    {
        var message = Hellos.Message(
            Hellos.Extension(0x1a1a),
            Hellos.Name("a.example"),
            Hellos.Alpn("\u000a\u000a", "h2"),
            Hellos.Supported(0x7a7a, 0x7f1c, 0x0303, 0x0304),
            Hellos.Extension(0xfe0d, new byte[200]),
            Hellos.Extension(0xfafa, 0)
        );
        Assert.Equal("a.example [\n\n,h2] 0304 session", Hellos.Describe(Hellos.Records(message)));
        Assert.Equal(" [] 0303 session", Hellos.Describe(Hellos.Records(Hellos.Message(Hellos.Supported(0x7a7a)))));
    }

    [Fact]
    public void Versions_and_protocols_can_be_asked_for()
    {
        var message = Hellos.Message(Hellos.Supported(0x7a7a, 0x0304, 0x0303), Hellos.Alpn("h2", "http/1.1"));
        var scratch = new byte[ClientHelloReader.ScratchLength];
        var reading = ClientHelloReader.Read(Hellos.Records(message), scratch, out var hello, out _);
        Assert.Equal(ClientHelloReading.Complete, reading);
        Assert.True(hello.Versions.Contains(0x0304));
        Assert.False(hello.Versions.Contains(0x0302));
        Assert.Equal(0x0303, hello.LegacyVersion);
        Assert.True(hello.Protocols.Contains("http/1.1"u8));
        Assert.False(hello.Protocols.Contains("http"u8));
        Assert.Equal("\u0002h2\u0008http/1.1", Encoding.ASCII.GetString(hello.Protocols.Bytes));
    }

    [Fact]
    public void A_client_before_TLS_1_3_needs_no_extensions()
    {
        byte[] body = [3, 1, .. new byte[32], 0, 0, 2, 0xc0, 0x13, 1, 0];
        Assert.Equal(" [] 0301", Hellos.Describe(Hellos.Records(Hellos.Handshake(1, body))));
        Assert.Equal(" [] 0301", Hellos.Describe(Hellos.Records(Hellos.Handshake(1, [.. body, 0, 0]))));
        Assert.Equal(
            "Invalid: the ClientHello does not have the length that it says",
            Hellos.Describe(Hellos.Records(Hellos.Handshake(1, [.. body, 0])))
        );
    }

    [Theory]
    [InlineData("WWW.Example.com.", "www.example.com")]
    [InlineData("localhost", "localhost")]
    [InlineData("a_b.example", "a_b.example")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("a..b", null)]
    [InlineData(".a", null)]
    [InlineData("a..", null)]
    [InlineData("a\0.example", null)]
    [InlineData("a b", null)]
    [InlineData("a/b", null)]
    [InlineData("*.example", null)]
    [InlineData("b\u00fccher.example", null)]
    [InlineData("[::1]", null)]
    public void A_name_is_that_of_a_host(string name, string? read)
    {
        foreach (var size in new[] { 1 << 14, 7 })
        {
            var records = Hellos.Records(Hellos.Message(Hellos.Name(name)), size);
            Assert.Equal(
                read is null ? "Invalid: the server name is no host name" : $"{read} [] 0303 session",
                Hellos.Describe(records)
            );
        }
    }

    [Fact]
    public void A_name_has_its_bounds()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('b', 61)}";
        Assert.Equal(253, longest.Length);
        Assert.Equal(
            $"{longest} [] 0303 session",
            Hellos.Describe(Hellos.Records(Hellos.Message(Hellos.Name(longest + "."))))
        );
        foreach (var longer in new[] { longest + "b", "a" + label, new string('a', 5000) })
        {
            Assert.Equal(
                "Invalid: the server name is no host name",
                Hellos.Describe(Hellos.Records(Hellos.Message(Hellos.Name(longer))))
            );
        }
    }

    [Theory]
    [InlineData("47", 1)] // GET
    [InlineData("80", 1)] // SSL 2
    [InlineData("15", 1)]
    [InlineData("16 04", 2)]
    public void Something_else_is_not_TLS(string hex, int at) => Decided(hex, at, "NotTls");

    [Theory]
    [InlineData("16 0301 0000", 5, "a record is empty")]
    [InlineData("16 0301 4001", 5, "a record is longer than a record can be")]
    [InlineData("16 0301 0100 02", 6, "the first message is no ClientHello")]
    [InlineData("16 0301 0100 01 010000", 9, "the ClientHello is longer than is accepted")]
    [InlineData("16 0301 0001 01 17", 7, "something else comes before the message is complete")]
    [InlineData("16 0301 0001 01 16 02", 8, "something else comes before the message is complete")]
    public void A_broken_begin_is_refused_with_the_first_byte_that_shows_it(string hex, int at, string error) =>
        Decided(hex, at, $"Invalid: {error}");

    [Fact]
    public void A_message_has_its_bound()
    {
        var message = Hellos.Message(Hellos.Extension(21, new byte[20_000]), Hellos.Name("a.example"));
        var records = Hellos.Records(message, 9000);
        Assert.Equal("a.example [] 0303 session", Hellos.Describe(records, message.Length + 254));
        Assert.Equal(
            "Invalid: the ClientHello is longer than is accepted",
            Hellos.Describe(records, message.Length + 253)
        );
        Assert.Equal(
            "Invalid: the message comes in more than 256 records",
            Hellos.Describe(Hellos.Records(message, 50))
        );
    }

    public static TheoryData<string, byte[]> BrokenMessages() =>
        new()
        {
            { "an extension is cut short", Hellos.Message([0, 0]) },
            { "an extension is cut short", Hellos.Message([0, 0, 0, 5, 1]) },
            { "the list of server names is broken", Hellos.Message(Hellos.Extension(Hellos.ServerName)) },
            { "the list of server names is broken", Hellos.Message(Hellos.Extension(Hellos.ServerName, 0, 0)) },
            {
                "the list of server names is broken",
                Hellos.Message(Hellos.Extension(Hellos.ServerName, 0, 4, 0, 0, 2, 97))
            },
            {
                "the list of server names is broken",
                Hellos.Message(Hellos.Extension(Hellos.ServerName, 0, 4, 0, 0, 1, 97, 0))
            },
            {
                "the list of server names has no host name",
                Hellos.Message(Hellos.Extension(Hellos.ServerName, 0, 4, 9, 0, 1, 97))
            },
            {
                "there are two server names",
                Hellos.Message(Hellos.Extension(Hellos.ServerName, 0, 8, 0, 0, 1, 97, 0, 0, 1, 98))
            },
            { "there are two lists of server names", Hellos.Message(Hellos.Name("a"), Hellos.Name("b")) },
            { "the list of protocols is broken", Hellos.Message(Hellos.Alpn()) },
            { "the list of protocols is broken", Hellos.Message(Hellos.Alpn("h2", "")) },
            { "the list of protocols is broken", Hellos.Message(Hellos.Extension(Hellos.Protocols, 0, 2, 2, 97)) },
            { "there are two lists of protocols", Hellos.Message(Hellos.Alpn("h2"), Hellos.Alpn("h3")) },
            { "the list of versions is broken", Hellos.Message(Hellos.Extension(Hellos.Versions, 3, 3, 4, 3)) },
            { "the list of versions is broken", Hellos.Message(Hellos.Extension(Hellos.Versions, 0)) },
            { "there are two lists of versions", Hellos.Message(Hellos.Supported(0x0304), Hellos.Supported(0x0303)) },
            { "the ClientHello does not have the length that it says", Hellos.Handshake(1, new byte[10]) },
            { "the ClientHello has lengths that it cannot have", Hellos.Handshake(1, [3, 3, .. new byte[38]]) },
            {
                "the ClientHello has lengths that it cannot have",
                Hellos.Handshake(1, [3, 3, .. new byte[32], .. Hellos.Short(new byte[33]), 0, 2, 0, 0, 1, 0])
            },
        };

    [Theory]
    [MemberData(nameof(BrokenMessages))]
    public void A_broken_message_is_refused(string error, byte[] message) =>
        Assert.Equal($"Invalid: {error}", Hellos.Describe(Hellos.Records(message)));

    [Fact]
    public void What_a_client_says_is_what_is_read_in_whatever_records_it_comes()
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
        var random = Seeds.NewRandom();
        for (var run = 0; run < 2000; run++)
        {
            var name = string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text(random.Next(1, 64))));
            string[] protocols = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Text(random.Next(1, 256)))];
            byte[][] extensions =
            [
                Hellos.Name(name),
                Hellos.Alpn(protocols),
                Hellos.Supported(0x0304, 0x0303),
                Hellos.Extension(51, new byte[random.Next(2000)]),
            ];
            random.Shuffle(extensions);
            var message = Hellos.Message(extensions);
            var records = Hellos.Records(message, random.Next((message.Length / 256) + 1, message.Length + 1));
            Assert.Equal(
                $"{name.ToLowerInvariant()} [{string.Join(',', protocols)}] 0304 session",
                Hellos.Describe(records)
            );
            Assert.Equal("NeedMore", Hellos.Describe(records.AsSpan(0, random.Next(records.Length))));
        }

        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Letters[random.Next(63)]));
    }

    [Fact]
    public async Task Nothing_that_a_client_changes_does_harm()
    {
        var random = Seeds.NewRandom();
        var sent = await Hellos.Real("www.example.com", SslProtocols.Tls13, "h2");
        for (var run = 0; run < 50_000; run++)
        {
            var changed = sent.ToArray();
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            var length = random.Next(changed.Length + 1);
            Assert.NotEmpty(Hellos.Describe(changed.AsSpan(0, length), 4096));
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var message = Hellos.Message(Hellos.Name("www.example.com"), Hellos.Alpn("h2"), Hellos.Supported(0x0304));
        var (whole, pieces) = (Hellos.Records(message), Hellos.Records(message, 10));
        var scratch = new byte[ClientHelloReader.ScratchLength];
        var before = 0L;
        for (var run = 0; run < 100; run++)
        {
            before = run == 50 ? GC.GetAllocatedBytesForCurrentThread() : before;
            Assert.True(ClientHelloReader.Read(whole, scratch, out _, out _) == ClientHelloReading.Complete);
            Assert.True(ClientHelloReader.Read(pieces, scratch, out var hello, out _) == ClientHelloReading.Complete);
            Assert.True(hello.Protocols.Contains("h2"u8) && hello.NewestVersion == 0x0304);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Decided(string hex, int at, string verdict)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        for (var length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(length < at ? "NeedMore" : verdict, Hellos.Describe(bytes.AsSpan(0, length)));
        }
    }
}

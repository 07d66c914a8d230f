using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Protocols.ProxyHeaders;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.ProxyHeaders;

public sealed class ProxyTextTests
{
    [Theory]
    [InlineData("TCP4 192.168.0.1 192.168.0.11 56324 443", "Stream IPv4 192.168.0.1:56324 192.168.0.11:443")]
    [InlineData("TCP4 255.255.255.255 0.0.0.0 65535 0", "Stream IPv4 255.255.255.255:65535 0.0.0.0:0")]
    [InlineData("TCP6 2001:db8::1 ::1 1 2", "Stream IPv6 [2001:db8::1]:1 [::1]:2")]
    [InlineData("TCP6 :: 1:: 1 2", "Stream IPv6 [::]:1 [1::]:2")]
    [InlineData("TCP6 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7:: 1 2", "Stream IPv6 [1:2:3:4:5:6:7:8]:1 [1:2:3:4:5:6:7:0]:2")]
    [InlineData("TCP6 ::2:3:4:5:6:7:8 FFFF:0Ab::8 1 2", "Stream IPv6 [0:2:3:4:5:6:7:8]:1 [ffff:ab::8]:2")]
    [InlineData("TCP6 ::ffff:192.0.2.1 ::ffff:c000:202 1 2", "Stream IPv6 [::ffff:192.0.2.1]:1 [::ffff:192.0.2.2]:2")]
    [InlineData("TCP6 1:2:3:4:5:6:192.0.2.1 :: 1 2", "Stream IPv6 [1:2:3:4:5:6:c000:201]:1 [::]:2")]
    [InlineData("UNKNOWN", "")]
    [InlineData("UNKNOWN whatever there may be", "")]
    [InlineData("UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535", "")]
    public void A_line_is_read_as_soon_as_it_is_there(string line, string meaning)
    {
        var whole = Encoding.ASCII.GetBytes($"PROXY {line}\r\n");
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal("NeedMore", Headers.Describe(whole.AsSpan(0, length)));
        }

        var expected = $"v1 {whole.Length} Proxy {meaning}".TrimEnd();
        Assert.Equal(expected, Headers.Describe(whole));
        Assert.Equal(expected, Headers.Describe([.. whole, .. "\r\nPROXY"u8]));
    }

    [Theory]
    [InlineData("G")]
    [InlineData("PRO|P")]
    [InlineData("PROXY|:")]
    [InlineData("\r\n\r\n\0\r\nQUIT|\r")]
    [InlineData("\n")]
    public void Something_else_is_no_header(string text) => Decided(text, "Absent");

    // With the character before the bar it could still have become a line; with the one after it, it cannot.
    [Theory]
    [InlineData("PROXY |tcp4", "the protocol is none of TCP4, TCP6 and UNKNOWN")]
    [InlineData("PROXY TCP|5", "the protocol is none of TCP4, TCP6 and UNKNOWN")]
    [InlineData("PROXY UNKNOWN|S", "the protocol is none of TCP4, TCP6 and UNKNOWN")]
    [InlineData("PROXY UNKNOWN|\n", "the protocol is none of TCP4, TCP6 and UNKNOWN")]
    [InlineData("PROXY UNKNOWN x|\n", "CR and LF have to end the line")]
    [InlineData("PROXY UNKNOWN\r|x", "CR and LF have to end the line")]
    [InlineData("PROXY TCP4 | ", "an IPv4 address has four numbers up to 255 without leading zeros")]
    [InlineData("PROXY TCP4 1.2.3.25|6", "an IPv4 address has four numbers up to 255 without leading zeros")]
    [InlineData("PROXY TCP4 0|1", "an IPv4 address has four numbers up to 255 without leading zeros")]
    [InlineData("PROXY TCP4 1.2.3| ", "an IPv4 address has four numbers up to 255 without leading zeros")]
    [InlineData("PROXY TCP4 1.2.3.4|.", "a space has to stand after the source address")]
    [InlineData("PROXY TCP4 1.2.3.4 | ", "an IPv4 address has four numbers up to 255 without leading zeros")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4|\r", "a space has to stand after the destination address")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 6553|6", "a port is a number up to 65535 without leading zeros")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 0|0", "a port is a number up to 65535 without leading zeros")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 |-", "a port is a number up to 65535 without leading zeros")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 2| ", "CR and LF have to end the line")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 2|\n", "CR and LF have to end the line")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r|\r", "CR and LF have to end the line")]
    [InlineData("PROXY TCP6 1|.", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 :|1", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 ::|:", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 1::2:|:", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 1234|5", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 1:2:3:4:5:6:7:8|:", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 1::2:3:4:5:6:7|:", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 1:2:3:4:5:6:7| ", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 1:2:3:4:5:6:7:| ", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 fe80::1|%", "a space has to stand after the source address")]
    [InlineData("PROXY TCP6 ::fff:|g", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 ::1:2:3:4:5:6:1|.", "this is no IPv6 address")]
    [InlineData("PROXY TCP6 ::256|.", "an IPv4 address has four numbers up to 255 without leading zeros")]
    public void A_broken_line_is_refused_with_the_first_character_that_shows_it(string text, string error) =>
        Decided(text, $"Invalid: {error}");

    [Fact]
    public void A_line_has_an_end_within_its_bound()
    {
        var line = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 91) + "\r\n");
        Assert.Equal(107, line.Length);
        Assert.Equal("v1 107 Proxy", Headers.Describe(line));
        var longer = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 92) + "\r\n");
        Assert.Equal("Invalid: the line has no end within 107 bytes", Headers.Describe(longer));
        Assert.Equal("Invalid: the line has no end within 107 bytes", Headers.Describe(longer.AsSpan(0, 107)));
    }

    [Theory]
    [InlineData("192.0.2.1:1", "192.0.2.2:2", "TCP4 192.0.2.1 192.0.2.2 1 2")]
    [InlineData("[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.2]:2", "TCP4 192.0.2.1 192.0.2.2 1 2")]
    [InlineData("192.0.2.1:1", "[2001:db8::2]:2", "TCP6 ::ffff:c000:201 2001:db8::2 1 2")]
    [InlineData("[::]:0", "[1:0:0:2::3]:65535", "TCP6 :: 1:0:0:2::3 0 65535")]
    [InlineData("[1:0:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7::]:1", "TCP6 1:0:2:3:4:5:6:7 1:2:3:4:5:6:7:0 1 1")]
    public void Both_ends_are_written_in_one_family(string source, string destination, string line)
    {
        var written = new byte[ProxyTextWriter.MaxLength];
        var length = ProxyTextWriter.Write(written, Headers.Address(source), Headers.Address(destination));
        Assert.Equal($"PROXY {line}\r\n", Encoding.ASCII.GetString(written, 0, length));
    }

    [Fact]
    public void What_has_no_addresses_is_unknown()
    {
        var written = new byte[ProxyTextWriter.MaxLength];
        var length = ProxyTextWriter.Write(written, Headers.Address("192.0.2.1:1"), default);
        Assert.Equal("PROXY UNKNOWN\r\n", Encoding.ASCII.GetString(written, 0, length));
    }

    [Fact]
    public void What_was_written_is_what_is_read()
    {
        var random = Seeds.NewRandom();
        var written = new byte[ProxyTextWriter.MaxLength];
        for (var run = 0; run < 5000; run++)
        {
            var (source, destination) = (RandomAddress(random), RandomAddress(random));
            var length = ProxyTextWriter.Write(written, source, destination);
            var isV4 = source.Family == ProxyFamily.IPv4 && destination.Family == ProxyFamily.IPv4;
            var expected = isV4
                ? $"Stream IPv4 {Headers.Text(source)} {Headers.Text(destination)}"
                : $"Stream IPv6 {Headers.Text(AsV6(source))} {Headers.Text(AsV6(destination))}";
            Assert.Equal($"v1 {length} Proxy {expected}", Headers.Describe(written.AsSpan(0, length)));
            if (!isV4)
            {
                // Other than the hexadecimal form of a mapped address, ours is the one that everybody writes.
                var text = Encoding.ASCII.GetString(written, 0, length).Split(' ')[2];
                Assert.Equal(Headers.ToIPAddress(ProxyFamily.IPv6, AsV6(source).Bits), IPAddress.Parse(text));
            }
        }
    }

    [Fact]
    public void Addresses_are_those_that_others_read_as_addresses()
    {
        const string Alphabet = "0123456789abcdefF::::....";
        var random = Seeds.NewRandom();
        var valid = 0;
        for (var run = 0; run < 50_000; run++)
        {
            var text = new StringBuilder(Headers.ToIPAddress(ProxyFamily.IPv6, RandomBits(random)).ToString());
            for (var changes = random.Next(3); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, Alphabet[random.Next(Alphabet.Length)]),
                    _ => text.Replace(text[at], Alphabet[random.Next(Alphabet.Length)], at, 1),
                };
            }

            var isAddress =
                IPAddress.TryParse(text.ToString(), out var address)
                && address.AddressFamily == AddressFamily.InterNetworkV6
                && !text.ToString().Split('.').Skip(1).Any(part => part.Length > 1 && part[0] == '0');
            var read = Headers.Describe(Encoding.ASCII.GetBytes($"PROXY TCP6 {text} :: 1 2\r\n"));
            Assert.True(
                isAddress ? read.Contains($" [{address}]:1 ", StringComparison.Ordinal) : read.StartsWith("Invalid"),
                $"{text} is {(isAddress ? address : "no address")} but read as {read}"
            );
            valid += isAddress ? 1 : 0;
        }

        Assert.InRange(valid, 10_000, 49_000);
    }

    private static void Decided(string text, string verdict)
    {
        var parts = text.Split('|');
        var (before, after) = parts.Length == 1 ? ("", text) : (parts[0], parts[1]);
        var all = Encoding.ASCII.GetBytes(before + after);
        for (var length = 0; length <= before.Length; length++)
        {
            Assert.Equal("NeedMore", Headers.Describe(all.AsSpan(0, length)));
        }

        Assert.Equal(verdict, Headers.Describe(all.AsSpan(0, before.Length + 1)));
        Assert.Equal(verdict, Headers.Describe([.. all, .. new byte[200]]));
    }

    private static ProxyAddress AsV6(ProxyAddress address) =>
        address.Family == ProxyFamily.IPv6
            ? address
            : new(ProxyFamily.IPv6, ((UInt128)0xFFFF << 32) | address.Bits, address.Port);

    private static ProxyAddress RandomAddress(Random random)
    {
        var port = (ushort)random.Next(1 << 16);
        return random.Next(2) == 0
            ? new(ProxyFamily.IPv4, (UInt128)(uint)random.NextInt64(1L << 32), port)
            : new(ProxyFamily.IPv6, RandomBits(random) | UInt128.One << 127, port);
    }

    // With many groups of zeros.
    private static UInt128 RandomBits(Random random)
    {
        var bits = UInt128.Zero;
        for (var group = 0; group < 8; group++)
        {
            bits = (bits << 16) | (random.Next(2) == 0 ? 0u : (uint)random.Next(1 << random.Next(1, 17)));
        }

        return bits;
    }
}

using System.Buffers.Binary;
using System.Text;
using Fulcrum.Protocols.ProxyHeaders;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.ProxyHeaders;

public sealed class ProxyBinaryTests
{
    private const byte Local = 0x20;
    private const byte Proxy = 0x21;
    private const byte Tcp4 = 0x11;

    private static readonly byte[] Addresses4 = Headers.Hex("c0000201 c0000202 0001 01bb");

    [Theory]
    [InlineData("20 00 0000", "Local")]
    [InlineData("20 ff 0003 ffffff", "Local")]
    [InlineData("20 11 000c c0000201 c0000202 0001 01bb", "Local")]
    [InlineData("20 00 0005 05 0002 6162", "Local UniqueId=ab")]
    [InlineData("21 00 0000", "Proxy")]
    [InlineData("21 10 0002 ffff", "Proxy")]
    [InlineData("21 11 000c c0000201 c0000202 0001 01bb", "Proxy Stream IPv4 192.0.2.1:1 192.0.2.2:443")]
    [InlineData("21 12 000c c0000201 c0000202 0001 01bb", "Proxy Datagram IPv4 192.0.2.1:1 192.0.2.2:443")]
    [InlineData(
        "21 21 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 ffff 0050",
        "Proxy Stream IPv6 [2001:db8::1]:65535 [2001:db8::2]:80"
    )]
    [InlineData(
        "21 11 0014 c0000201 c0000202 0001 01bb 02 0001 61 04 0001 00",
        "Proxy Stream IPv4 192.0.2.1:1 192.0.2.2:443 Authority=a NoOperation=@"
    )]
    [InlineData(
        "21 11 0013 c0000201 c0000202 0001 01bb ea 0004 01766365",
        "Proxy Stream IPv4 192.0.2.1:1 192.0.2.2:443 Amazon=\u0001vce"
    )]
    public void A_header_is_read_as_soon_as_it_is_there(string hex, string meaning)
    {
        byte[] whole = [.. Headers.Signature, .. Headers.Hex(hex)];
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal("NeedMore", Headers.Describe(whole.AsSpan(0, length)));
        }

        Assert.Equal($"v2 {whole.Length} {meaning}", Headers.Describe(whole));
        Assert.Equal($"v2 {whole.Length} {meaning}", Headers.Describe([.. whole, 1, 2, 3]));
    }

    // The first number of bytes with which nothing good can follow, and why.
    [Theory]
    [InlineData("11 11 000c", 13, "the version is not 2")]
    [InlineData("22 11 000c", 13, "the command is neither LOCAL nor PROXY")]
    [InlineData("21 41 000c", 14, "the address family is unknown")]
    [InlineData("21 13 000c", 14, "the transport protocol is unknown")]
    [InlineData("21 11 0900", 15, "addresses and TLVs take more than 2048 bytes")]
    [InlineData("20 00 0801", 16, "addresses and TLVs take more than 2048 bytes")]
    [InlineData("21 11 000b", 16, "the length leaves no room for the addresses")]
    [InlineData("21 22 0023", 16, "the length leaves no room for the addresses")]
    [InlineData("21 31 00d7", 16, "the length leaves no room for the addresses")]
    public void A_broken_begin_is_refused_with_the_first_byte_that_shows_it(string hex, int at, string error)
    {
        byte[] begin = [.. Headers.Signature, .. Headers.Hex(hex)];
        for (var length = 0; length <= begin.Length; length++)
        {
            Assert.Equal(length < at ? "NeedMore" : $"Invalid: {error}", Headers.Describe(begin.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("01", "a TLV is longer than the header")]
    [InlineData("01 00", "a TLV is longer than the header")]
    [InlineData("01 0001", "a TLV is longer than the header")]
    [InlineData("e0 0001 00 ee 0005 01020304", "a TLV is longer than the header")]
    [InlineData("03 0003 000000", "a checksum has four bytes")]
    [InlineData("03 0004 00000000 03 0004 00000000", "there are two checksums")]
    [InlineData("03 0004 00000000", "the checksum is not that of the header")]
    [InlineData("20 0004 00000000", "what is said about TLS is cut short")]
    [InlineData("20 0008 01 00000000 21 0001", "what is said about TLS is cut short")]
    public void Broken_TLVs_are_refused_where_the_addresses_count(string hex, string error)
    {
        var tlvs = Headers.Hex(hex);
        Assert.Equal($"Invalid: {error}", Headers.Describe(Headers.Binary(Proxy, Tcp4, Addresses4, tlvs)));
        // What LOCAL says besides is to be skipped; only a wrong checksum is wrong everywhere.
        var local = Headers.Binary(Local, 0, tlvs);
        Assert.Equal(
            error.StartsWith("the checksum", StringComparison.Ordinal)
                ? $"Invalid: {error}"
                : $"v2 {local.Length} Local",
            Headers.Describe(local)
        );
    }

    [Fact]
    public void A_unique_id_has_its_bound()
    {
        var longest = Headers.Tlv(ProxyTlvType.UniqueId, new byte[128]);
        Assert.StartsWith("v2", Headers.Describe(Headers.Binary(Proxy, Tcp4, Addresses4, longest)));
        var longer = Headers.Tlv(ProxyTlvType.UniqueId, new byte[129]);
        Assert.Equal(
            "Invalid: a unique id has at most 128 bytes",
            Headers.Describe(Headers.Binary(Proxy, Tcp4, Addresses4, longer))
        );
        Assert.False(new ProxyBinaryWriter(new byte[1000]).TryAppend(ProxyTlvType.UniqueId, new byte[129]));
    }

    [Theory]
    [InlineData(ProxySslFlags.Tls, "", 1)]
    [InlineData(ProxySslFlags.Tls | ProxySslFlags.CertificateInSession, "client.example", 0)]
    [InlineData(ProxySslFlags.Tls | ProxySslFlags.CertificateInSession, "Jürgen", 0)]
    public void What_is_said_about_TLS_is_read_as_it_was_written(ProxySslFlags client, string name, uint verify)
    {
        Span<byte> value = stackalloc byte[ProxySsl.MaxWritten];
        var length = ProxySsl.Write(value, client, "TLSv1.2"u8, System.Text.Encoding.UTF8.GetBytes(name));
        Assert.True(ProxySsl.TryRead(value[..length], out var ssl));
        Assert.Equal((client, verify), (ssl.Client, ssl.Verify));
        Assert.True(ssl.Tlvs.TryGet(ProxyTlvType.SslVersion, out var version));
        Assert.Equal("TLSv1.2", Headers.Text(version));
        Assert.Equal(name.Length > 0, ssl.Tlvs.TryGet(ProxyTlvType.SslCommonName, out var found));
        Assert.Equal(name, System.Text.Encoding.UTF8.GetString(found));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_name_longer_than_any_is_not_told(int length, bool isTold)
    {
        var value = new byte[ProxySsl.MaxWritten];
        var written = ProxySsl.Write(value, ProxySslFlags.Tls, "0123456789abcdef"u8, new byte[length]);
        Assert.Equal(isTold, written == ProxySsl.MaxWritten);
        Assert.True(ProxySsl.TryRead(value.AsSpan(0, written), out _));
    }

    [Fact]
    public void What_is_said_about_TLS_can_be_read()
    {
        byte[] value =
        [
            5,
            0,
            0,
            0,
            2,
            .. Headers.Tlv(ProxyTlvType.SslVersion, [.. "TLSv1.3"u8]),
            .. Headers.Tlv(ProxyTlvType.SslCommonName, [.. "client.example"u8]),
            .. Headers.Tlv(ProxyTlvType.SslCipher, [.. "TLS_AES_128_GCM_SHA256"u8]),
            .. Headers.Tlv(ProxyTlvType.SslSignatureAlgorithm, [.. "RSA-SHA256"u8]),
            .. Headers.Tlv(ProxyTlvType.SslKeyAlgorithm, [.. "RSA2048"u8]),
        ];
        var bytes = Headers.Binary(Proxy, Tcp4, Addresses4, Headers.Tlv(ProxyTlvType.Ssl, value));
        Assert.Equal(ProxyReading.Complete, ProxyHeaderReader.Read(bytes, out var header, out _));
        Assert.True(header.Tlvs.TryGet(ProxyTlvType.Ssl, out var found));
        Assert.True(ProxySsl.TryRead(found, out var ssl));
        Assert.Equal(ProxySslFlags.Tls | ProxySslFlags.CertificateInSession, ssl.Client);
        Assert.Equal(2u, ssl.Verify);
        var inner = new List<string>();
        foreach (var tlv in ssl.Tlvs)
        {
            inner.Add($"{tlv.Type}={Headers.Text(tlv.Value)}");
        }

        Assert.Equal(
            [
                "SslVersion=TLSv1.3",
                "SslCommonName=client.example",
                "SslCipher=TLS_AES_128_GCM_SHA256",
                "SslSignatureAlgorithm=RSA-SHA256",
                "SslKeyAlgorithm=RSA2048",
            ],
            inner
        );
        Assert.False(header.Tlvs.TryGet(ProxyTlvType.Authority, out _));
    }

    [Fact]
    public void A_checksum_covers_every_bit()
    {
        Assert.Equal(0xE3069283, Headers.Crc32C("123456789"u8));
        var bytes = new byte[ProxyHeaderReader.MaxLength];
        var writer = new ProxyBinaryWriter(bytes);
        writer.Begin(ProxyTransport.Stream, Headers.Address("192.0.2.1:1"), Headers.Address("192.0.2.2:2"));
        Assert.True(writer.TryAppend(ProxyTlvType.Authority, "www.example.com"u8));
        Assert.False(writer.TryAppend(ProxyTlvType.Crc32C, new byte[4]));
        var length = writer.Finish(withChecksum: true);
        var written = bytes.AsSpan(0, length);
        Assert.StartsWith($"v2 {length} Proxy Stream IPv4", Headers.Describe(written));

        var sum = BinaryPrimitives.ReadUInt32BigEndian(written[^4..]);
        written[^4..].Clear();
        Assert.Equal(Headers.Crc32C(written), sum);
        BinaryPrimitives.WriteUInt32BigEndian(written[^4..], sum);
        for (var bit = 16 * 8; bit < length * 8; bit++)
        {
            written[bit / 8] ^= (byte)(1 << (bit % 8));
            // A bit of a TLV's type or length makes other TLVs of it, perhaps without a checksum.
            var isFrame = bit / 8 is >= 28 and < 31 || bit / 8 >= length - 7 && bit / 8 < length - 4;
            Assert.True(isFrame || Headers.Describe(written) == "Invalid: the checksum is not that of the header");
            written[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("192.0.2.1:1", "192.0.2.2:2", "IPv4 192.0.2.1:1 192.0.2.2:2")]
    [InlineData("[::ffff:192.0.2.1]:1", "192.0.2.2:2", "IPv4 192.0.2.1:1 192.0.2.2:2")]
    [InlineData("192.0.2.1:1", "[2001:db8::2]:2", "IPv6 [::ffff:192.0.2.1]:1 [2001:db8::2]:2")]
    [InlineData("[2001:db8::1]:1", "192.0.2.2:2", "IPv6 [2001:db8::1]:1 [::ffff:192.0.2.2]:2")]
    public void Both_ends_are_written_in_one_family(string source, string destination, string meaning)
    {
        var bytes = new byte[64];
        var writer = new ProxyBinaryWriter(bytes);
        writer.Begin(ProxyTransport.Datagram, Headers.Address(source), Headers.Address(destination));
        var length = writer.Finish(withChecksum: false);
        Assert.Equal($"v2 {length} Proxy Datagram {meaning}", Headers.Describe(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Without_addresses_only_the_connection_is_told_of()
    {
        var bytes = new byte[64];
        var writer = new ProxyBinaryWriter(bytes);
        writer.Begin(ProxyTransport.Stream, default, Headers.Address("192.0.2.2:2"));
        Assert.Equal("v2 16 Proxy", Headers.Describe(bytes.AsSpan(0, writer.Finish(withChecksum: false))));
        Assert.Equal("v2 16 Local", Headers.Describe(bytes.AsSpan(0, new ProxyBinaryWriter(bytes).Finish(false))));
    }

    [Fact]
    public void Unix_sockets_have_paths_and_abstract_names()
    {
        var bytes = new byte[ProxyHeaderReader.MaxLength];
        var longest = Encoding.ASCII.GetBytes(new string('p', 108));
        var writer = new ProxyBinaryWriter(bytes);
        writer.BeginUnix(ProxyTransport.Stream, "\0name"u8, longest);
        var length = writer.Finish(withChecksum: false);
        Assert.Equal(
            $"v2 232 Proxy Stream Unix @name {Headers.Text(longest)}",
            Headers.Describe(bytes.AsSpan(0, length))
        );
        writer.BeginUnix(ProxyTransport.Datagram, [], "/run/x"u8);
        length = writer.Finish(withChecksum: true);
        Assert.StartsWith("v2 239 Proxy Datagram Unix  /run/x Crc32C=", Headers.Describe(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void What_was_written_is_what_is_read()
    {
        var random = Seeds.NewRandom();
        var bytes = new byte[ProxyHeaderReader.MaxLength];
        for (var run = 0; run < 5000; run++)
        {
            var writer = new ProxyBinaryWriter(bytes.AsSpan(0, random.Next(300, bytes.Length + 1)));
            var expected = new StringBuilder("Local");
            if (random.Next(4) > 0)
            {
                var isV4 = random.Next(2) == 0;
                var (source, destination) = (RandomAddress(random, isV4), RandomAddress(random, isV4));
                writer.Begin(ProxyTransport.Stream, source, destination);
                expected.Clear();
                expected.Append($"Proxy Stream {source.Family} {Headers.Text(source)} {Headers.Text(destination)}");
            }

            for (var count = random.Next(5); count > 0; count--)
            {
                var value = new byte[random.Next(400)];
                random.NextBytes(value);
                var type = (ProxyTlvType)random.Next(256);
                if (writer.TryAppend(type, value))
                {
                    expected.Append($" {type}={Headers.Text(value)}");
                }
            }

            var length = writer.Finish(withChecksum: random.Next(2) == 0);
            var read = Headers.Describe(bytes.AsSpan(0, length));
            var checksum = read.IndexOf(" Crc32C=", StringComparison.Ordinal);
            Assert.Equal($"v2 {length} {expected}", checksum < 0 ? read : read[..checksum]);
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var bytes = new byte[ProxyHeaderReader.MaxLength];
        var (source, destination) = (Headers.Address("192.0.2.1:1"), Headers.Address("[2001:db8::2]:2"));
        var before = 0L;
        for (var run = 0; run < 100; run++)
        {
            before = run == 50 ? GC.GetAllocatedBytesForCurrentThread() : before;
            var length = ProxyTextWriter.Write(bytes, source, destination);
            Assert.True(ProxyHeaderReader.Read(bytes.AsSpan(0, length), out _, out _) == ProxyReading.Complete);
            var writer = new ProxyBinaryWriter(bytes);
            writer.Begin(ProxyTransport.Stream, source, destination);
            _ = writer.TryAppend(ProxyTlvType.Authority, "www.example.com"u8);
            length = writer.Finish(withChecksum: true);
            Assert.True(
                ProxyHeaderReader.Read(bytes.AsSpan(0, length), out var header, out _) == ProxyReading.Complete
            );
            Assert.True(header.Tlvs.TryGet(ProxyTlvType.Authority, out _));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ProxyAddress RandomAddress(Random random, bool isV4) =>
        isV4
            ? new(ProxyFamily.IPv4, (UInt128)(uint)random.NextInt64(1L << 32), (ushort)random.Next(1 << 16))
            : new(
                ProxyFamily.IPv6,
                new UInt128((ulong)random.NextInt64(1, long.MaxValue), (ulong)random.NextInt64()),
                (ushort)random.Next(1 << 16)
            );
}

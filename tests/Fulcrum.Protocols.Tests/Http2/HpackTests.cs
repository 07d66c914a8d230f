using System.Buffers;
using Fulcrum.Protocols.Http2.Hpack;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Http2;

public sealed class HpackTests
{
    private const int ListLimit = 16 * 1024;

    /// <summary>RFC 7541 appendix C.3 to C.6; the table of C.5 and C.6 has 256 bytes, which their first blocks say here.</summary>
    [Theory]
    [InlineData(
        "828684410f7777772e6578616d706c652e636f6d",
        "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"
    )]
    [InlineData(
        "828684418cf1e3c2e5f23a6ba0ab90f4ff",
        "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"
    )]
    public void The_requests_of_the_standard_are_read(string first, string second, string third)
    {
        var decoder = new HpackDecoder(ListLimit);
        string common = ":method: GET, :scheme: http, :path: /, :authority: www.example.com";
        Assert.Equal(common, Text(decoder, first));
        Assert.Equal($"{common}, cache-control: no-cache", Text(decoder, second));
        Assert.Equal(
            ":method: GET, :scheme: https, :path: /index.html, :authority: www.example.com, custom-key: custom-value",
            Text(decoder, third)
        );
    }

    [Theory]
    [InlineData(
        "3fe1014803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e17"
            + "68747470733a2f2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a"
            + "4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31"
    )]
    [InlineData(
        "3fe101488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97"
            + "c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960"
            + "d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"
    )]
    public void The_responses_of_the_standard_are_read(string first, string second, string third)
    {
        var decoder = new HpackDecoder(ListLimit);
        const string Rest =
            "cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com";
        Assert.Equal($":status: 302, {Rest}", Text(decoder, first));
        Assert.Equal($":status: 307, {Rest}", Text(decoder, second));
        Assert.Equal(
            $":status: 200, {Rest.Replace("13:21", "13:22", StringComparison.Ordinal)}, content-encoding: gzip, "
                + "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            Text(decoder, third)
        );
    }

    [Theory]
    [InlineData("80", "an index of nothing")]
    [InlineData("be", "an index beyond the table")]
    [InlineData("7f0000", "a name beyond the table")]
    [InlineData("ffffffffffff01", "an integer without end")]
    [InlineData("ff", "an integer cut off")]
    [InlineData("0003616263", "no value")]
    [InlineData("0003616203", "a string cut off")]
    [InlineData("000161820fff", "more padding than seven bits")]
    [InlineData("00016184fffffffc", "the end of string in a string")]
    [InlineData("000161811e", "padding that is not all ones")]
    [InlineData("3fe21f", "a table larger than allowed")]
    [InlineData("8220", "a change of size after a field")]
    public void What_is_malformed_is_refused(string block, string why)
    {
        var decoder = new HpackDecoder(ListLimit);
        Assert.True(decoder.Decode(Convert.FromHexString(block)) is null, why);
        Assert.NotNull(decoder.Error);
    }

    [Fact]
    public void A_small_block_does_not_become_a_large_list()
    {
        var decoder = new HpackDecoder(ListLimit);
        byte[] remembered = [0x40, 1, (byte)'a', 0x7F, 0xA1, 0x0E, .. new byte[2000]];
        Assert.NotNull(decoder.Decode(remembered));
        Assert.Null(decoder.Decode(Enumerable.Repeat((byte)0xBE, 100).ToArray()));
        Assert.Contains("larger than", decoder.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 10, "0a")]
    [InlineData(5, 1337, "1f9a0a")]
    [InlineData(8, 42, "2a")]
    public void The_integers_of_the_standard_are_written_and_read(int prefix, int value, string hex)
    {
        var written = new ArrayBufferWriter<byte>();
        HpackInteger.Write(written, 0, prefix, value);
        Assert.Equal(hex, Convert.ToHexStringLower(written.WrittenSpan));
        var rest = written.WrittenSpan;
        Assert.True(HpackInteger.TryRead(ref rest, prefix, out var read));
        Assert.Equal(value, read);
        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void Whatever_way_fields_are_written_they_are_read_as_they_were()
    {
        var random = Seeds.NewRandom();
        for (var connection = 0; connection < 50; connection++)
        {
            var encoder = new PlayfulHpackEncoder(random);
            var decoder = new HpackDecoder(ListLimit);
            for (var block = 0; block < 20; block++)
            {
                var fields = Enumerable.Range(0, random.Next(12)).Select(_ => Field(random)).ToList();
                Assert.Equal(fields, decoder.Decode(encoder.Encode(fields)));
            }
        }
    }

    [Fact]
    public void What_the_encoder_writes_is_read()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 200; run++)
        {
            var fields = Enumerable.Range(0, random.Next(12)).Select(_ => Field(random)).ToList();
            Assert.Equal(fields, new HpackDecoder(ListLimit).Decode(HpackEncoder.Encode(fields)));
        }
    }

    // Few names and values, that they come again; any octets, since the codec does not care.
    private static (string Name, string Value) Field(Random random) =>
        random.Next(3) == 0 ? (":status", "200")
        : random.Next(3) == 0 ? ("x-" + random.Next(3), random.Next(3).ToString("D", null))
        : (Octets(random), Octets(random));

    private static string Octets(Random random) =>
        new([.. Enumerable.Range(0, random.Next(random.Next(300))).Select(_ => (char)random.Next(256))]);

    private static string Text(HpackDecoder decoder, string block)
    {
        var fields = decoder.Decode(Convert.FromHexString(block));
        Assert.NotNull(fields);
        return string.Join(", ", fields.Select(field => $"{field.Name}: {field.Value}"));
    }
}

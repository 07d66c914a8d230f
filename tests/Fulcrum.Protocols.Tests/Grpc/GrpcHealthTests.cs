using System.Text;
using Fulcrum.Protocols.Grpc;
using Fulcrum.Protocols.Http2;
using Fulcrum.Protocols.Tests.Http2;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Grpc;

public sealed class GrpcHealthTests
{
    [Theory]
    [InlineData("", "0000000000")]
    [InlineData("a.B", "00000000050a03612e42")]
    public void The_request_is_a_message_with_the_service(string service, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(GrpcHealth.Request(service)));

    [Fact]
    public void A_long_name_has_a_length_of_two_octets() =>
        Assert.StartsWith("00000000cb0ac801", Convert.ToHexStringLower(GrpcHealth.Request(new string('s', 200))));

    [Fact]
    public void The_call_is_a_post_with_trailers()
    {
        var headers = GrpcHealth.Headers("db:50051", isEncrypted: true);
        Assert.Contains((":path", "/grpc.health.v1.Health/Check"), headers);
        Assert.Contains((":scheme", "https"), headers);
        Assert.Contains(("te", "trailers"), headers);
        Assert.Equal(4, headers.TakeWhile(field => field.Name[0] == ':').Count());
    }

    [Theory]
    [InlineData("00000000020801", null)]
    [InlineData("00000000020802", "not serving")]
    [InlineData("00000000020803", "service unknown")]
    [InlineData("00000000020807", "health 7")]
    [InlineData("0000000000", "unknown")]
    [InlineData("000000000408020801", null)]
    [InlineData("000000001b 1203616263 0801 1a00 2100000000000000ff 2d00000001 38ffff03", null)]
    [InlineData("000000000408017801", null)]
    [InlineData("01000000020801", "the answer is no health")]
    [InlineData("00000000030801", "the answer is no health")]
    [InlineData("0000000001 08", "the answer is no health")]
    [InlineData("0000000002 0001", "the answer is no health")]
    [InlineData("0000000002 0b0c", "the answer is no health")]
    [InlineData("0000000003 120561", "the answer is no health")]
    [InlineData("000000000b ffffffffffffffffffff01", "the answer is no health")]
    [InlineData("000000000c 12ffffffffffffffff7f 0801", "the answer is no health")]
    [InlineData("", "the answer is no health")]
    public void The_answer_is_read(string body, string? reason)
    {
        var exchange = Exchange(
            Frames.Headers(false, (":status", "200"), ("content-type", "application/grpc+proto")),
            Frames.Data(false, Convert.FromHexString(body.Replace(" ", "", StringComparison.Ordinal))),
            Frames.Headers(true, ("grpc-status", "0"))
        );
        Assert.Equal(reason, GrpcHealth.WhyNotServing(exchange));
    }

    [Theory]
    [InlineData("12", "unknown service grpc.health.v1.Health", "UNIMPLEMENTED: unknown service grpc.health.v1.Health")]
    [InlineData("5", null, "NOT_FOUND")]
    [InlineData("14", "f%C3%BCr %41%zz%4", "UNAVAILABLE: für A%zz%4")]
    [InlineData("99", "x", "grpc-status 99: x")]
    [InlineData("zero", null, "grpc-status zero")]
    [InlineData(null, null, "the call ended without a status")]
    public void The_status_of_the_call_is_told(string? status, string? message, string reason)
    {
        var fields = new List<(string, string)> { (":status", "200"), ("content-type", "application/grpc") };
        var trailers = new List<(string, string)>();
        if (status is not null)
        {
            trailers.Add(("grpc-status", status));
        }

        if (message is not null)
        {
            trailers.Add(("grpc-message", message));
        }

        var only = Exchange(Frames.Headers(true, [.. fields, .. trailers]));
        Assert.Equal(reason, GrpcHealth.WhyNotServing(only));
        var after = Exchange(Frames.Headers(false, [.. fields]), Frames.Headers(true, [.. trailers]));
        Assert.Equal(reason, GrpcHealth.WhyNotServing(after));
    }

    [Fact]
    public void What_is_no_call_is_told()
    {
        Assert.Equal("status 404", GrpcHealth.WhyNotServing(Exchange(Frames.Headers(true, (":status", "404")))));
        Assert.Equal(
            "content type text/html",
            GrpcHealth.WhyNotServing(Exchange(Frames.Headers(true, (":status", "200"), ("content-type", "text/html"))))
        );
        Assert.Equal(
            "content type missing",
            GrpcHealth.WhyNotServing(Exchange(Frames.Headers(true, (":status", "200"))))
        );
        Assert.Equal("no answer", GrpcHealth.WhyNotServing(new Http2Exchange(GrpcHealth.BodyLimit)));
        var reset = Exchange(Frames.Frame(Http2FrameType.ResetStream, 0, 1, [0, 0, 0, 7]));
        Assert.Equal("stream reset: REFUSED_STREAM", GrpcHealth.WhyNotServing(reset));
    }

    [Fact]
    public void Messages_are_decoded_to_what_was_encoded()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 500; run++)
        {
            var text = new string([
                .. Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(0x20, 0x2000)),
            ]);
            var encoded = string.Concat(
                Encoding.UTF8.GetBytes(text).Select(x => x is < 0x20 or > 0x7E or (byte)'%' ? $"%{x:X2}" : $"{(char)x}")
            );
            Assert.Equal(text, GrpcHealth.Decode(encoded));
        }
    }

    private static Http2Exchange Exchange(params byte[][] frames)
    {
        var exchange = new Http2Exchange(GrpcHealth.BodyLimit);
        byte[] all = [.. Frames.Settings, .. frames.SelectMany(frame => frame)];
        _ = exchange.Feed(all);
        return exchange;
    }
}

using System.Buffers.Binary;
using System.Text;
using Fulcrum.Protocols.Http2;
using Fulcrum.Protocols.Http2.Hpack;
using Fulcrum.TestKit;

namespace Fulcrum.Protocols.Tests.Http2;

public sealed class Http2ExchangeTests
{
    private const int BodyLimit = 100_000;

    [Fact]
    public void The_request_is_preface_settings_headers_and_body()
    {
        var request = Http2Exchange.Start([(":method", "POST"), ("X-Probe", "1")], "hi"u8).AsSpan();
        Assert.True(request.StartsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8));
        var frames = Split(request[24..]);
        Assert.Equal(
            [Http2FrameType.Settings, Http2FrameType.Headers, Http2FrameType.Data],
            frames.Select(x => x.Type)
        );
        Assert.Equal([0, 1, 1], frames.Select(x => x.Stream));
        Assert.Equal([0, 4, 1], frames.Select(x => (int)x.Flags));
        Assert.Equal([2, 4, 6], frames[0].Payload.Chunk(6).Select(x => (int)BinaryPrimitives.ReadInt16BigEndian(x)));
        Assert.Equal([(":method", "POST"), ("x-probe", "1")], new HpackDecoder(1000).Decode(frames[1].Payload) ?? []);
        Assert.Equal("hi"u8, frames[2].Payload);
    }

    [Fact]
    public void A_request_without_body_ends_with_its_headers_and_a_long_one_is_refused()
    {
        var request = Http2Exchange.Start([(":method", "GET")], []);
        Assert.Equal([0, 5], Split(request.AsSpan(24)).Select(x => (int)x.Flags));
        Assert.Throws<ArgumentException>(() => Http2Exchange.Start([], new byte[Http2Exchange.MaxRequestBody + 1]));
        Assert.Throws<ArgumentException>(() => Http2Exchange.Start([("a", new string('b', 20_000))], []));
    }

    [Fact]
    public void A_response_is_read_in_pieces_of_any_size()
    {
        var block = HpackEncoder.Encode([(":status", "200"), ("content-type", "text/plain")]);
        byte[] response =
        [
            .. Frames.Settings,
            .. Frames.Frame(Http2FrameType.Settings, 1, 0, []),
            .. Frames.Frame(Http2FrameType.WindowUpdate, 0, 0, [0, 0, 1, 0]),
            .. Frames.Frame((Http2FrameType)77, 0xFF, 12, "?"u8),
            .. Frames.Headers(false, (":status", "103"), ("link", "x")),
            .. Frames.Frame(Http2FrameType.Headers, 0x28, 1, [2, 0, 0, 0, 0, 0, .. block[..3], 0, 0]),
            .. Frames.Frame(Http2FrameType.Continuation, 0, 1, []),
            .. Frames.Frame(Http2FrameType.Continuation, 4, 1, block.AsSpan(3)),
            .. Frames.Frame(Http2FrameType.Ping, 0, 0, "12345678"u8),
            .. Frames.Data(false, "hello "u8),
            .. Frames.Frame(Http2FrameType.Data, 8, 1, [3, .. "world"u8, 0, 0, 0]),
            .. Frames.Frame(Http2FrameType.GoAway, 0, 0, [0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]),
            .. Frames.Headers(true, ("grpc-status", "0")),
        ];
        for (var size = 1; size <= response.Length; size++)
        {
            var exchange = new Http2Exchange(BodyLimit);
            var sent = new List<byte>();
            foreach (var piece in response.Chunk(size))
            {
                Assert.False(exchange.IsComplete);
                Assert.True(exchange.Feed(piece), exchange.Error);
                sent.AddRange(exchange.TakeOutput());
            }

            Assert.True(exchange.IsComplete);
            Assert.Equal(200, exchange.StatusCode);
            Assert.Equal([("content-type", "text/plain")], exchange.Headers);
            Assert.Equal("hello world", Encoding.ASCII.GetString(exchange.Body));
            Assert.Equal([("grpc-status", "0")], exchange.Trailers);
            var frames = Split(sent.ToArray());
            Assert.Equal(
                [Http2FrameType.Settings, Http2FrameType.Ping, Http2FrameType.GoAway],
                frames.Select(x => x.Type)
            );
            Assert.Equal([1, 1, 0], frames.Select(x => (int)x.Flags));
            Assert.Equal("12345678"u8, frames[1].Payload);
        }
    }

    [Fact]
    public void The_window_opens_as_the_body_is_read_and_the_body_ends_at_the_limit()
    {
        var exchange = Begun(Frames.Headers(false, (":status", "200")));
        var (granted, sent) = (16 * 1024, 0);
        while (!exchange.IsComplete)
        {
            var length = Math.Min(granted - sent, 5000);
            Assert.True(length > 0, "the window is closed");
            Assert.True(exchange.Feed(Frames.Data(false, new byte[length])), exchange.Error);
            sent += length;
            var updates = Split(exchange.TakeOutput());
            Assert.Equal(updates.Count / 2, updates.Count(x => x.Stream == 0));
            granted += updates.Where(x => x.Stream == 1).Sum(x => BinaryPrimitives.ReadInt32BigEndian(x.Payload));
        }

        Assert.Equal(BodyLimit, exchange.Body.Length);
        Assert.InRange(sent, BodyLimit, BodyLimit + 5000);
    }

    public static TheoryData<string, byte[]> Refusals =>
        new()
        {
            { "the server speaks HTTP/1", "HTTP/1.1 400 Bad Request\r\n"u8.ToArray() },
            { "not HTTP/2: no settings come first", "SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray() },
            { "not HTTP/2: no settings come first", Frames.Frame(Http2FrameType.Settings, 1, 0, []) },
            { "stream reset: REFUSED_STREAM", After(Http2FrameType.ResetStream, 0, 1, [0, 0, 0, 7]) },
            { "stream reset: error 99", After(Http2FrameType.ResetStream, 0, 1, [0, 0, 0, 99]) },
            {
                "connection refused streams: ENHANCE_YOUR_CALM",
                After(Http2FrameType.GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 11, .. "calm"u8])
            },
            { "connection ended: INTERNAL_ERROR", After(Http2FrameType.GoAway, 0, 0, [0, 0, 0, 1, 0, 0, 0, 2]) },
            { "a frame of type 7 with 7 bytes", After(Http2FrameType.GoAway, 0, 0, new byte[7]) },
            { "a frame of type 6 with 7 bytes", After(Http2FrameType.Ping, 0, 0, new byte[7]) },
            { "a frame of type 6 on stream 1", After(Http2FrameType.Ping, 0, 1, new byte[8]) },
            { "a frame of type 1 on stream 3", After(Http2FrameType.Headers, 4, 3, [0x88]) },
            { "a frame of type 2 with 4 bytes", After(Http2FrameType.Priority, 0, 1, new byte[4]) },
            { "a frame of type 8 with 5 bytes", After(Http2FrameType.WindowUpdate, 0, 0, new byte[5]) },
            { "a window update of nothing", After(Http2FrameType.WindowUpdate, 0, 0, [0x80, 0, 0, 0]) },
            { "a push, which we did not allow", After(Http2FrameType.PushPromise, 4, 1, new byte[8]) },
            { "settings of 5 bytes", After(Http2FrameType.Settings, 0, 0, new byte[5]) },
            { "settings of 6 bytes", After(Http2FrameType.Settings, 1, 0, new byte[6]) },
            { "a frame of 16385 bytes", After(Http2FrameType.Data, 0, 1, new byte[16_385]) },
            { "a body without headers", After(Http2FrameType.Data, 0, 1, "x"u8) },
            { "a continuation of nothing", After(Http2FrameType.Continuation, 4, 1, []) },
            { "more padding than frame", After(Http2FrameType.Headers, 0xC, 1, [1]) },
            { "headers shorter than their priority", After(Http2FrameType.Headers, 0x24, 1, new byte[4]) },
            { "headers: wrong field", After(Http2FrameType.Headers, 4, 1, [0x80]) },
            { "headers: no status", [.. Frames.Settings, .. Frames.Headers(false, ("a", "b"))] },
            { "headers: no status", [.. Frames.Settings, .. Frames.Headers(false, (":status", "2e2"))] },
            {
                "headers: status 101 is no response",
                [.. Frames.Settings, .. Frames.Headers(false, (":status", "101"))]
            },
            { "headers: status 100 is no response", [.. Frames.Settings, .. Frames.Headers(true, (":status", "100"))] },
            {
                "headers: malformed field",
                [.. Frames.Settings, .. Frames.Headers(false, (":status", "200"), ("A", "b"))]
            },
            {
                "headers: malformed field",
                [.. Frames.Settings, .. Frames.Headers(false, (":status", "200"), ("a", "b\r\nc"))]
            },
            {
                "headers: pseudo-header fields where they may not be",
                [.. Frames.Settings, .. Frames.Headers(false, ("a", "b"), (":status", "200"))]
            },
            {
                "headers: pseudo-header fields where they may not be",
                [
                    .. Frames.Settings,
                    .. Frames.Headers(false, (":status", "200")),
                    .. Frames.Headers(true, (":status", "200")),
                ]
            },
            {
                "headers: headers within the body",
                [.. Frames.Settings, .. Frames.Headers(false, (":status", "200")), .. Frames.Headers(false, ("a", "b"))]
            },
            {
                "a header block is interrupted",
                [.. Frames.Settings, .. Frames.Frame(Http2FrameType.Headers, 0, 1, [0x88]), .. Frames.Data(true, [])]
            },
            {
                "more data than the window",
                [
                    .. Frames.Settings,
                    .. Frames.Headers(false, (":status", "200")),
                    .. Frames.Data(false, new byte[8000]),
                    .. Frames.Data(false, new byte[8385]),
                ]
            },
            {
                "headers: the block is longer than 16384 bytes",
                [
                    .. Frames.Settings,
                    .. Frames.Frame(Http2FrameType.Headers, 0, 1, new byte[16_384]),
                    .. Frames.Frame(Http2FrameType.Continuation, 0, 1, new byte[1]),
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_ends_the_hope_of_a_response_is_named(string error, byte[] bytes)
    {
        foreach (var size in new[] { 1, bytes.Length })
        {
            var exchange = new Http2Exchange(BodyLimit);
            Assert.False(bytes.Chunk(size).All(piece => exchange.Feed(piece)));
            Assert.Equal(error, exchange.Error);
            Assert.False(exchange.IsComplete);
            Assert.False(exchange.Feed(Frames.Headers(true, (":status", "200"))));
        }
    }

    public static TheoryData<byte[]> Idle =>
        [
            Frames.Settings,
            Frames.Frame(Http2FrameType.Ping, 0, 0, new byte[8]),
            Frames.Frame(Http2FrameType.Data, 0, 1, []),
            Frames.Frame(Http2FrameType.Data, 8, 1, [9, .. new byte[9]]),
            Frames.Frame((Http2FrameType)99, 0, 0, []),
        ];

    [Theory]
    [MemberData(nameof(Idle))]
    public void Frames_without_progress_are_counted(byte[] frame)
    {
        var exchange = Begun(Frames.Headers(false, (":status", "200")));
        for (var count = 2; count < Http2Exchange.MaxIdleFrames; count++)
        {
            Assert.True(exchange.Feed(frame), exchange.Error);
        }

        // What the body goes on with lets all of it begin again.
        Assert.True(exchange.Feed(Frames.Data(false, "x"u8)), exchange.Error);
        Assert.True(exchange.Feed(frame));
        var all = Enumerable.Repeat(frame, Http2Exchange.MaxIdleFrames).SelectMany(x => x).ToArray();
        Assert.False(exchange.Feed(all));
        Assert.Contains("without progress", exchange.Error, StringComparison.Ordinal);
        Assert.InRange(exchange.TakeOutput().Length, 0, 32 * 1024);
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused_and_never_held_beyond_its_bounds()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 500; run++)
        {
            var exchange = new Http2Exchange(64);
            _ = exchange.Feed(Frames.Settings);
            for (var count = 0; count < 20; count++)
            {
                var payload = new byte[random.Next(64)];
                random.NextBytes(payload);
                var type = (Http2FrameType)random.Next(11);
                _ = exchange.Feed(Frames.Frame(type, random.Next(64), random.Next(2), payload));
                Assert.InRange(exchange.Body.Length, 0, 64);
            }
        }
    }

    private static byte[] After(Http2FrameType type, int flags, int stream, ReadOnlySpan<byte> payload) =>
        [.. Frames.Settings, .. Frames.Frame(type, flags, stream, payload)];

    private static Http2Exchange Begun(ReadOnlySpan<byte> frames)
    {
        var exchange = new Http2Exchange(BodyLimit);
        Assert.True(exchange.Feed(Frames.Settings), exchange.Error);
        Assert.True(exchange.Feed(frames), exchange.Error);
        _ = exchange.TakeOutput();
        return exchange;
    }

    private static List<(Http2FrameType Type, Http2Flags Flags, int Stream, byte[] Payload)> Split(
        ReadOnlySpan<byte> bytes
    )
    {
        var frames = new List<(Http2FrameType, Http2Flags, int, byte[])>();
        while (!bytes.IsEmpty)
        {
            var frame = Http2Frame.Read(bytes);
            frames.Add((frame.Type, frame.Flags, frame.Stream, bytes.Slice(9, frame.Length).ToArray()));
            bytes = bytes[(9 + frame.Length)..];
        }

        return frames;
    }
}

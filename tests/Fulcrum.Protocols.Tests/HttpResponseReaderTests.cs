using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Fulcrum.Protocols.Http;

namespace Fulcrum.Protocols.Tests;

public sealed class HttpResponseReaderTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", 200, "hello")]
    [InlineData("HTTP/1.0 503 Unavailable\r\nContent-Length: 0\r\n\r\n", 503, "")]
    [InlineData("HTTP/1.1 200\r\ncontent-length:2\r\n\r\nok", 200, "ok")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", 201, "x")]
    [InlineData(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;q=1\r\n world\r\n0\r\nT: 1\r\n\r\n",
        200,
        "hello world"
    )]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, "ok")]
    public void A_complete_response_is_read_in_pieces_of_any_size(string text, int code, string body)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var size = 1; size <= bytes.Length; size++)
        {
            var reader = new HttpResponseReader(1024);
            for (var at = 0; at < bytes.Length; at += size)
            {
                Assert.True(reader.Feed(bytes.AsSpan(at, Math.Min(size, bytes.Length - at))), reader.Error);
            }

            Assert.True(reader.IsComplete);
            Assert.Equal(code, reader.StatusCode);
            Assert.Equal(body, Encoding.ASCII.GetString(reader.Body));
        }
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "the first line is not that of an HTTP/1 response")]
    [InlineData("HTTP/1.1 2x0 OK\r\n", "the first line is not that of an HTTP/1 response")]
    [InlineData("HTTP/1.1 999 OK\r\n", "the first line is not that of an HTTP/1 response")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n", "a header line has no name")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 12x\r\n", "Content-Length is not a number")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", "Content-Length is not a number")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "a chunk has no size")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "a chunk has no size")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", "a chunk is longer than its size")]
    public void What_is_no_response_is_named(string text, string error)
    {
        var reader = new HttpResponseReader(1024);
        Assert.False(reader.Feed(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(error, reader.Error);
        Assert.False(reader.End());
    }

    [Fact]
    public void A_head_without_end_is_refused_at_its_bound()
    {
        var reader = new HttpResponseReader(16);
        Assert.True(reader.Feed("HTTP/1.1 200 OK\r\n"u8));
        var line = Encoding.ASCII.GetBytes("a: " + new string('b', 1000) + "\r\n");
        var fed = 0;
        while (reader.Feed(line))
        {
            fed += line.Length;
            Assert.True(fed < 2 * HttpResponseReader.MaxHead);
        }

        Assert.Contains("longer than", reader.Error, StringComparison.Ordinal);
    }

    // A head that is just not too long, and a body whose limit is reached before its end is wrong.
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\na: {0}\r\nContent-Length: 1\r\n\r\nx", 16_000, 4)]
    [InlineData("HTTP/1.1 200 OK\r\na: {0}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\ngarbage\r\n", 1, 4)]
    [InlineData("HTTP/1.1 200 OK\r\na: {0}\r\nTransfer-Encoding: chunked\r\n\r\ngarbage\r\n", 1, 0)]
    public void Pieces_of_any_size_come_to_the_same_end(string format, int length, int bodyLimit)
    {
        var response = Encoding.ASCII.GetBytes(string.Format(null, format, new string('b', length)));
        foreach (var size in (int[])[response.Length, 1, 2, 3, 1000])
        {
            var reader = new HttpResponseReader(bodyLimit);
            Assert.True(response.Chunk(size).All(piece => reader.IsComplete || reader.Feed(piece)), reader.Error);
            Assert.True(reader.IsComplete);
            Assert.Equal(200, reader.StatusCode);
        }
    }

    [Fact]
    public void The_body_is_kept_up_to_the_limit_only()
    {
        var reader = new HttpResponseReader(4);
        Assert.True(reader.Feed("HTTP/1.1 200 OK\r\n\r\nabcdefgh"u8));
        Assert.True(reader.IsComplete);
        Assert.Equal("abcd", Encoding.ASCII.GetString(reader.Body));
    }

    [Fact]
    public void A_body_without_length_ends_with_the_connection_and_a_short_one_is_told()
    {
        var open = new HttpResponseReader(100);
        Assert.True(open.Feed("HTTP/1.1 200 OK\r\n\r\nabc"u8));
        Assert.False(open.IsComplete);
        Assert.True(open.End());

        var cut = new HttpResponseReader(100);
        Assert.True(cut.Feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"u8));
        Assert.False(cut.End());
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused_and_never_held_beyond_its_bounds() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<byte[][]>(),
                pieces =>
                {
                    var reader = new HttpResponseReader(8);
                    _ = reader.Feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8);
                    foreach (var piece in pieces)
                    {
                        _ = reader.Feed(piece);
                    }

                    return reader.Body.Length <= 8;
                }
            )
            .QuickCheckThrowOnFailure();
}

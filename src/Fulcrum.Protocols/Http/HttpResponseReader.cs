using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Fulcrum.Protocols.Http;

/// <summary>
/// Reads one HTTP/1.x response (RFC 9112) from bytes as they come, in pieces of any size: status code, and the
/// beginning of the decoded body up to a limit. Made for probes: it needs no more of a response than its reader
/// wants to know, holds at most <see cref="MaxHead"/> bytes and the body limit, and never throws on what it is fed.
/// <para>
/// Interim responses (1xx, RFC 9110 section 15.2) are passed over. The body ends by chunked coding (RFC 9112
/// section 7.1), by Content-Length, or with the connection (section 6.3, in that order).
/// </para>
/// </summary>
public sealed class HttpResponseReader(int bodyLimit)
{
    /// <summary>Bytes of status line and header section together.</summary>
    public const int MaxHead = 16 * 1024;

    private readonly byte[] _line = new byte[1024];
    private readonly ArrayBufferWriter<byte> _body = new();
    private int _lineLength;
    private int _headLength;
    private State _state = State.StatusLine;
    private long _left;
    private bool _chunked;
    private long? _contentLength;

    private enum State
    {
        StatusLine,
        Header,
        BodyByLength,
        BodyToEnd,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailer,
        Complete,
        Malformed,
    }

    /// <summary>0 until the status line has come.</summary>
    public int StatusCode { get; private set; }

    /// <summary>The head of the final response is complete.</summary>
    public bool HasHead => _state is not (State.StatusLine or State.Header) && StatusCode != 0;

    /// <summary>Nothing more is to be read: the response ended, or the body limit is reached.</summary>
    public bool IsComplete => _state == State.Complete || (HasHead && _body.WrittenCount >= bodyLimit);

    /// <summary>Why this is not an HTTP response; null while it may be one.</summary>
    public string? Error { get; private set; }

    /// <summary>The decoded body so far, at most the limit.</summary>
    public ReadOnlySpan<byte> Body => _body.WrittenSpan;

    /// <summary>Takes the next bytes. False when they cannot belong to a response: see <see cref="Error"/>.</summary>
    public bool Feed(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && !IsComplete && _state != State.Malformed)
        {
            var taken = _state switch
            {
                State.BodyToEnd => TakeBody(data),
                State.BodyByLength or State.ChunkData => TakeBody(data[..(int)Math.Min(_left, data.Length)]),
                _ => TakeLine(data),
            };
            data = data[taken..];
        }

        return _state != State.Malformed;
    }

    /// <summary>The connection ended. False when the response was not complete.</summary>
    public bool End()
    {
        if (_state == State.BodyToEnd)
        {
            _state = State.Complete;
        }

        return _state == State.Complete;
    }

    private int TakeBody(ReadOnlySpan<byte> data)
    {
        _body.Write(data[..Math.Min(data.Length, bodyLimit - _body.WrittenCount)]);
        if (_state == State.BodyToEnd)
        {
            return data.Length;
        }

        _left -= data.Length;
        if (_left == 0)
        {
            _state = _state == State.ChunkData ? State.ChunkEnd : State.Complete;
        }

        return data.Length;
    }

    // Lines longer than the buffer keep their beginning: all that is asked of them stands there.
    private int TakeLine(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)'\n');
        var part = end < 0 ? data : data[..end];
        var room = Math.Min(part.Length, _line.Length - _lineLength);
        part[..room].CopyTo(_line.AsSpan(_lineLength));
        _lineLength += room;
        var taken = part.Length + (end < 0 ? 0 : 1);
        _headLength += taken;
        if (_headLength > MaxHead)
        {
            Fail($"the head is longer than {MaxHead} bytes");
        }
        else if (end >= 0)
        {
            var line = _line.AsSpan(0, _lineLength);
            _lineLength = 0;
            OnLine(line is [.., (byte)'\r'] ? line[..^1] : line);
        }

        return taken;
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        switch (_state)
        {
            case State.StatusLine:
                OnStatusLine(line);
                break;
            case State.Header when line.IsEmpty:
                OnHeadEnd();
                break;
            case State.Header:
                OnHeader(line);
                break;
            case State.ChunkSize:
                OnChunkSize(line);
                break;
            case State.ChunkEnd when line.IsEmpty:
                _headLength = 0;
                _state = State.ChunkSize;
                break;
            case State.ChunkEnd:
                Fail("a chunk is longer than its size");
                break;
            case State.Trailer when line.IsEmpty:
                _state = State.Complete;
                break;
        }
    }

    private void OnStatusLine(ReadOnlySpan<byte> line)
    {
        // HTTP-version SP status-code SP [ reason-phrase ]
        if (
            line.Length < 12
            || !line.StartsWith("HTTP/1."u8)
            || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int code, out var used)
            || used != 3
            || code is < 100 or > 599
            || (line.Length > 12 && line[12] != ' ')
        )
        {
            Fail("the first line is not that of an HTTP/1 response");
            return;
        }

        StatusCode = code;
        _state = State.Header;
    }

    private void OnHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            Fail("a header line has no name");
            return;
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            _chunked = value.Length >= 7 && Ascii.EqualsIgnoreCase(value[^7..], "chunked"u8);
        }
        else if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            if (!Utf8Parser.TryParse(value, out long length, out var used) || used != value.Length || length < 0)
            {
                Fail("Content-Length is not a number");
                return;
            }

            _contentLength = length;
        }
    }

    private void OnHeadEnd()
    {
        if (StatusCode < 200 && StatusCode != 101)
        {
            StatusCode = 0;
            (_chunked, _contentLength) = (false, null);
            _state = State.StatusLine;
        }
        else if (StatusCode is 101 or 204 or 304)
        {
            _state = State.Complete;
        }
        else if (_chunked)
        {
            _headLength = 0;
            _state = State.ChunkSize;
        }
        else if (_contentLength is { } length)
        {
            _left = length;
            _state = length == 0 ? State.Complete : State.BodyByLength;
        }
        else
        {
            _state = State.BodyToEnd;
        }
    }

    private void OnChunkSize(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)';');
        var digits = (end < 0 ? line : line[..end]).Trim(" \t"u8);
        if (
            digits.Length is 0 or > 15
            || !Utf8Parser.TryParse(digits, out long size, out var used, 'x')
            || used != digits.Length
        )
        {
            Fail("a chunk has no size");
            return;
        }

        _headLength = 0;
        _left = size;
        _state = size == 0 ? State.Trailer : State.ChunkData;
    }

    private void Fail(string error)
    {
        Error = error;
        _state = State.Malformed;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using Fulcrum.Protocols.Http2.Hpack;

namespace Fulcrum.Protocols.Http2;

/// <summary>
/// The client's side of an HTTP/2 connection (RFC 9113) that carries one request, on stream 1. Made for probes: bytes
/// go in and out, nothing is read or written, time is the caller's matter.
/// <para>
/// The client sends the preface, its settings and the whole request at once (section 3.4): a server that has not yet
/// spoken grants 65,535 bytes of body and frames of 16,384 (sections 6.5.2 and 6.9.2), so a body that fits one frame
/// needs no flow control, and longer ones are refused here. The server answers with its settings, then with HEADERS,
/// DATA and perhaps HEADERS again, the trailers; in between it may ask for acknowledgements, which appear in
/// <see cref="TakeOutput"/>. Our window is small and opens again as the body is read.
/// </para>
/// <para>
/// What a server can make us do is bounded: frames have their agreed size, header blocks and lists 16 KiB, the body its
/// limit, and only so many frames may pass that bring the response no further.
/// </para>
/// </summary>
public sealed class Http2Exchange(int bodyLimit)
{
    /// <summary>Bytes of one header list, and of the blocks that encode it.</summary>
    public const int MaxHeaderList = 16 * 1024;

    /// <summary>Bytes of body that a request may have.</summary>
    public const int MaxRequestBody = Http2Frame.MaxLength;

    /// <summary>Frames in a row that bring nothing of the response.</summary>
    public const int MaxIdleFrames = 64;

    private const int Stream = 1;
    private const int Window = 16 * 1024;

    private readonly Http2FrameReader _reader = new();
    private readonly Http2Response _response = new();
    private readonly HpackDecoder _fields = new(MaxHeaderList);
    private readonly ArrayBufferWriter<byte> _block = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private bool _greeted;
    private bool _inBlock;
    private bool _endsWithBlock;
    private bool _ended;
    private int _window = Window;
    private int _idleFrames;

    /// <summary>0 until the head of the final response has come.</summary>
    public int StatusCode => _response.StatusCode;

    /// <summary>In the order of the response, names in small letters, without the status.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers => _response.Headers;

    public IReadOnlyList<(string Name, string Value)> Trailers => _response.Trailers;

    /// <summary>The body so far, at most the limit.</summary>
    public ReadOnlySpan<byte> Body => _body.WrittenSpan;

    /// <summary>Nothing more is to be read: the response ended, or the body limit is reached.</summary>
    public bool IsComplete => _ended || (StatusCode != 0 && _body.WrittenCount >= bodyLimit);

    /// <summary>Why there will be no response; null while there may be one.</summary>
    public string? Error { get; private set; }

    /// <summary>
    /// What opens the connection and asks. The headers begin with the pseudo-header fields (section 8.3.1); names
    /// become small letters.
    /// </summary>
    /// <exception cref="ArgumentException">The body or the headers do not fit a frame.</exception>
    public static byte[] Start(IEnumerable<(string Name, string Value)> headers, ReadOnlySpan<byte> body)
    {
        var block = HpackEncoder.Encode(headers.Select(field => (field.Name.ToLowerInvariant(), field.Value)));
        if (block.Length > Http2Frame.MaxLength || body.Length > MaxRequestBody)
        {
            throw new ArgumentException($"Headers and body have {Http2Frame.MaxLength} bytes each at most.");
        }

        // ENABLE_PUSH, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE
        var settings = new byte[3 * 6];
        WriteSetting(settings, 2, 0);
        WriteSetting(settings.AsSpan(6), 4, Window);
        WriteSetting(settings.AsSpan(12), 6, MaxHeaderList);
        var last = body.IsEmpty ? Http2Flags.EndStream : Http2Flags.None;
        return
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8,
            .. Http2Frame.Write(Http2FrameType.Settings, Http2Flags.None, 0, settings),
            .. Http2Frame.Write(Http2FrameType.Headers, Http2Flags.EndHeaders | last, Stream, block),
            .. body.IsEmpty ? [] : Http2Frame.Write(Http2FrameType.Data, Http2Flags.EndStream, Stream, body),
        ];
    }

    /// <summary>Takes the next bytes. False when there will be no response: see <see cref="Error"/>.</summary>
    public bool Feed(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && !IsComplete && Error is null)
        {
            var hadHead = _reader is { HasHead: true, IsWhole: false };
            _reader.Take(ref data);
            if (!hadHead && _reader.HasHead)
            {
                CheckHead(_reader.Frame);
            }

            if (_reader.IsWhole && Error is null)
            {
                _idleFrames++;
                OnFrame(_reader.Frame, _reader.Payload);
                if (_idleFrames > MaxIdleFrames && !IsComplete)
                {
                    Fail($"{MaxIdleFrames} frames without progress");
                }
            }
        }

        return Error is null;
    }

    /// <summary>What is to be sent to the server now, once.</summary>
    public byte[] TakeOutput()
    {
        var output = _output.WrittenSpan.ToArray();
        _output.ResetWrittenCount();
        return output;
    }

    private static void WriteSetting(Span<byte> to, ushort name, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, name);
        BinaryPrimitives.WriteInt32BigEndian(to[2..], value);
    }

    private void CheckHead(Http2Frame frame)
    {
        if (!_greeted && (frame.Type != Http2FrameType.Settings || frame.Has(Http2Frame.Acknowledgement)))
        {
            Fail(
                _reader.Head.StartsWith("HTTP/1."u8) ? "the server speaks HTTP/1" : "not HTTP/2: no settings come first"
            );
        }
        else if (frame.Length > Http2Frame.MaxLength)
        {
            Fail($"a frame of {frame.Length} bytes");
        }
        else if (_inBlock != (frame.Type == Http2FrameType.Continuation))
        {
            Fail(_inBlock ? "a header block is interrupted" : "a continuation of nothing");
        }
        else if (!IsOnItsStream(frame))
        {
            Fail($"a frame of type {(int)frame.Type} on stream {frame.Stream}");
        }
    }

    // Only stream 1 is open; the connection is stream 0. What is unknown is ignored (section 4.1), wherever it is.
    private static bool IsOnItsStream(Http2Frame frame) =>
        frame.Type switch
        {
            Http2FrameType.Data or Http2FrameType.Headers => frame.Stream == Stream,
            Http2FrameType.ResetStream or Http2FrameType.Continuation => frame.Stream == Stream,
            Http2FrameType.Settings or Http2FrameType.Ping or Http2FrameType.GoAway => frame.Stream == 0,
            Http2FrameType.WindowUpdate => frame.Stream is 0 or Stream,
            Http2FrameType.Priority => frame.Stream != 0,
            _ => true,
        };

    private void OnFrame(Http2Frame frame, ReadOnlySpan<byte> payload)
    {
        switch (frame.Type)
        {
            case Http2FrameType.Settings:
                OnSettings(frame, payload);
                break;
            case Http2FrameType.Ping when payload.Length == 8:
                if (!frame.Has(Http2Frame.Acknowledgement))
                {
                    Send(Http2FrameType.Ping, Http2Frame.Acknowledgement, 0, payload);
                }

                break;
            case Http2FrameType.Headers:
                OnHeaders(frame, payload);
                break;
            case Http2FrameType.Continuation:
                OnBlock(frame, payload);
                break;
            case Http2FrameType.Data:
                OnData(frame, payload);
                break;
            case Http2FrameType.ResetStream when payload.Length == 4:
                Fail($"stream reset: {Http2ErrorCode.NameOf(payload)}");
                break;
            case Http2FrameType.GoAway when payload.Length >= 8:
                OnGoAway(payload);
                break;
            case Http2FrameType.PushPromise:
                Fail("a push, which we did not allow");
                break;
            case Http2FrameType.WindowUpdate when payload.Length == 4:
                // We have sent all we had to send; a window of nothing is wrong all the same (section 6.9).
                if ((BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue) == 0)
                {
                    Fail("a window update of nothing");
                }

                break;
            case Http2FrameType.Priority when payload.Length == 5:
            case > Http2FrameType.Continuation:
                break;
            default:
                Fail($"a frame of type {(int)frame.Type} with {payload.Length} bytes");
                break;
        }
    }

    // No setting concerns what we have left to do: the request is sent, and our encoder uses no table.
    private void OnSettings(Http2Frame frame, ReadOnlySpan<byte> payload)
    {
        var isAcknowledgement = frame.Has(Http2Frame.Acknowledgement);
        if (isAcknowledgement ? !payload.IsEmpty : payload.Length % 6 != 0)
        {
            Fail($"settings of {payload.Length} bytes");
            return;
        }

        _greeted = true;
        if (!isAcknowledgement)
        {
            Send(Http2FrameType.Settings, Http2Frame.Acknowledgement, 0, []);
        }
    }

    private void OnHeaders(Http2Frame frame, ReadOnlySpan<byte> payload)
    {
        if (!Unpad(frame, ref payload))
        {
            return;
        }

        if (frame.Has(Http2Flags.Priority))
        {
            if (payload.Length < 5)
            {
                Fail("headers shorter than their priority");
                return;
            }

            payload = payload[5..];
        }

        _endsWithBlock = frame.Has(Http2Flags.EndStream);
        OnBlock(frame, payload);
    }

    private void OnBlock(Http2Frame frame, ReadOnlySpan<byte> part)
    {
        if (_block.WrittenCount + part.Length > MaxHeaderList)
        {
            Fail($"headers: the block is longer than {MaxHeaderList} bytes");
            return;
        }

        _block.Write(part);
        _inBlock = !frame.Has(Http2Flags.EndHeaders);
        if (_inBlock)
        {
            return;
        }

        var fields = _fields.Decode(_block.WrittenSpan);
        _block.ResetWrittenCount();
        var problem = fields is null ? _fields.Error : _response.Take(fields, _endsWithBlock);
        if (problem is not null)
        {
            Fail($"headers: {problem}");
        }
        else if (_endsWithBlock)
        {
            End();
        }
    }

    private void OnData(Http2Frame frame, ReadOnlySpan<byte> payload)
    {
        _window -= payload.Length; // Padding counts (section 6.9.1).
        if (StatusCode == 0 || _window < 0)
        {
            Fail(StatusCode == 0 ? "a body without headers" : "more data than the window");
            return;
        }

        if (!Unpad(frame, ref payload))
        {
            return;
        }

        if (!payload.IsEmpty)
        {
            _idleFrames = 0;
        }

        _body.Write(payload[..Math.Min(payload.Length, bodyLimit - _body.WrittenCount)]);
        if (frame.Has(Http2Flags.EndStream))
        {
            End();
        }
        else if (_window <= Window / 2)
        {
            Open();
        }
    }

    private void OnGoAway(ReadOnlySpan<byte> payload)
    {
        var reason = Http2ErrorCode.NameOf(payload[4..]);
        if ((BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue) < Stream)
        {
            Fail($"connection refused streams: {reason}");
        }
        else if (reason != Http2ErrorCode.None)
        {
            Fail($"connection ended: {reason}");
        }
    }

    private bool Unpad(Http2Frame frame, ref ReadOnlySpan<byte> payload)
    {
        if (!frame.Has(Http2Flags.Padded))
        {
            return true;
        }

        if (payload.IsEmpty || payload[0] >= payload.Length)
        {
            Fail("more padding than frame");
            return false;
        }

        payload = payload[1..^payload[0]];
        return true;
    }

    // The connection's own window is larger, and is given back the same.
    private void Open()
    {
        Span<byte> credit = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(credit, Window - _window);
        Send(Http2FrameType.WindowUpdate, Http2Flags.None, 0, credit);
        Send(Http2FrameType.WindowUpdate, Http2Flags.None, Stream, credit);
        _window = Window;
    }

    // A connection is taken leave of (section 5.4.1, 6.8): the last stream of the server's is none, and nothing is wrong.
    private void End()
    {
        _ended = true;
        Send(Http2FrameType.GoAway, Http2Flags.None, 0, stackalloc byte[8]);
    }

    private void Send(Http2FrameType type, Http2Flags flags, int stream, ReadOnlySpan<byte> payload) =>
        _output.Write(Http2Frame.Write(type, flags, stream, payload));

    private void Fail(string error) => Error ??= error;
}

using System.Buffers.Binary;

namespace Fulcrum.Protocols.Http2;

/// <summary>The head of a frame (RFC 9113 section 4.1).</summary>
internal readonly record struct Http2Frame(int Length, Http2FrameType Type, Http2Flags Flags, int Stream)
{
    public const int HeadLength = 9;

    /// <summary>What a payload may have at most while nothing else is agreed (section 4.2).</summary>
    public const int MaxLength = 16_384;

    /// <summary>What the bit of <see cref="Http2Flags.EndStream"/> means in SETTINGS and PING.</summary>
    public const Http2Flags Acknowledgement = Http2Flags.EndStream;

    public bool Has(Http2Flags flag) => (Flags & flag) == flag;

    public static Http2Frame Read(ReadOnlySpan<byte> head) =>
        new(
            BinaryPrimitives.ReadInt32BigEndian(head) >>> 8,
            (Http2FrameType)head[3],
            (Http2Flags)head[4],
            BinaryPrimitives.ReadInt32BigEndian(head[5..]) & int.MaxValue
        );

    public static byte[] Write(Http2FrameType type, Http2Flags flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeadLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = (byte)type;
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeadLength));
        return frame;
    }
}

/// <summary>Section 6.</summary>
internal enum Http2FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    ResetStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

[Flags]
internal enum Http2Flags : byte
{
    None = 0,
    EndStream = 1,
    EndHeaders = 4,
    Padded = 8,
    Priority = 0x20,
}

using Fulcrum.Protocols.Http2;
using Fulcrum.Protocols.Http2.Hpack;

namespace Fulcrum.Protocols.Tests.Http2;

/// <summary>What a server sends.</summary>
internal static class Frames
{
    public static byte[] Settings => Frame(Http2FrameType.Settings, 0, 0, []);

    public static byte[] Frame(Http2FrameType type, int flags, int stream, ReadOnlySpan<byte> payload) =>
        Http2Frame.Write(type, (Http2Flags)flags, stream, payload);

    public static byte[] Headers(bool isLast, params (string Name, string Value)[] fields) =>
        Frame(Http2FrameType.Headers, isLast ? 5 : 4, 1, HpackEncoder.Encode(fields));

    public static byte[] Data(bool isLast, ReadOnlySpan<byte> body) =>
        Frame(Http2FrameType.Data, isLast ? 1 : 0, 1, body);
}

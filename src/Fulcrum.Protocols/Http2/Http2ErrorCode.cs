using System.Buffers.Binary;

namespace Fulcrum.Protocols.Http2;

/// <summary>The names of error codes, as RFC 9113 section 7 writes them.</summary>
internal static class Http2ErrorCode
{
    public const string None = "NO_ERROR";

    private static readonly string[] Names =
    [
        None,
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED",
    ];

    /// <summary>The name of the code in these four octets.</summary>
    public static string NameOf(ReadOnlySpan<byte> octets)
    {
        var code = BinaryPrimitives.ReadUInt32BigEndian(octets);
        return code < Names.Length ? Names[code] : $"error {code}";
    }
}

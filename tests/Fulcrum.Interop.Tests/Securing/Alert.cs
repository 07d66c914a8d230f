using System.Globalization;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Alerts (RFC 8446 section 6) as the table writes them, and as OpenSSL's users print them.</summary>
internal static class Alert
{
    /// <summary>OpenSSL's reasons from here on are alerts of the peer.</summary>
    private const int FirstReason = 1000;

    private const int ReasonMask = 0x7FFFFF;

    private static readonly Dictionary<int, string> Names = new()
    {
        [0] = "close_notify",
        [10] = "unexpected_message",
        [20] = "bad_record_mac",
        [22] = "record_overflow",
        [40] = "handshake_failure",
        [42] = "bad_certificate",
        [43] = "unsupported_certificate",
        [44] = "certificate_revoked",
        [45] = "certificate_expired",
        [46] = "certificate_unknown",
        [47] = "illegal_parameter",
        [48] = "unknown_ca",
        [49] = "access_denied",
        [50] = "decode_error",
        [51] = "decrypt_error",
        [70] = "protocol_version",
        [71] = "insufficient_security",
        [80] = "internal_error",
        [86] = "inappropriate_fallback",
        [100] = "no_renegotiation",
        [109] = "missing_extension",
        [112] = "unrecognized_name",
        [116] = "certificate_required",
        [120] = "no_application_protocol",
    };

    public static string Of(int number) => $"alert {Names.GetValueOrDefault(number, "?")} ({number})";

    public static string Of(string name) => Of(Names.Single(pair => pair.Value == name).Key);

    /// <summary>The alert that a program says it was sent; null: it speaks of none.</summary>
    public static string? In(string text)
    {
        if (Found.In(text, "SSL alert number (?<it>[0-9]+)") is { Length: > 0 } number)
        {
            return Of(int.Parse(number, CultureInfo.InvariantCulture));
        }
        return Found.In(text, "error:0?(?<it>0A[0-9A-F]{6}):") is { Length: > 0 } error
            ? OfError(long.Parse(error, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : null;
    }

    private static string? OfError(long error) =>
        (error & ReasonMask) - FirstReason is var number and >= 0 and <= byte.MaxValue ? Of((int)number) : null;
}

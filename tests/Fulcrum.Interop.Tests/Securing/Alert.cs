using System.Globalization;
using System.Text.RegularExpressions;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Alerts (RFC 8446 section 6) as the table writes them, and as OpenSSL's users print them.</summary>
internal static partial class Alert
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
        if (Number().Match(text) is { Success: true } told)
        {
            return Of(int.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        return Error().Match(text) is { Success: true } error
            ? OfError(long.Parse(error.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>The alert that is the reason of an error of OpenSSL; null: it has another one.</summary>
    public static string? OfError(long error) =>
        (error & ReasonMask) - FirstReason is var number and >= 0 and <= byte.MaxValue ? Of((int)number) : null;

    [GeneratedRegex("SSL alert number ([0-9]+)")]
    private static partial Regex Number();

    [GeneratedRegex("error:0?(0A[0-9A-F]{6}):")]
    private static partial Regex Error();
}

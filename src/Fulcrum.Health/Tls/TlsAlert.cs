namespace Fulcrum.Health.Tls;

/// <summary>Alerts by the names of RFC 8446 section 6, RFC 5246 section 7.2 and the IANA registry.</summary>
internal static class TlsAlert
{
    // OpenSSL numbers its errors as library (20 is TLS) and reason; alerts that came are reasons from 1000 on
    // (SSL_AD_REASON_OFFSET). .NET hands the number on as HResult.
    private const int Library = 20;
    private const int FirstReason = 1000;

    /// <summary>The alert from the server in which a failure has its cause; null: it has another.</summary>
    public static byte? In(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            var reason = (failure.HResult & 0x7F_FFFF) - FirstReason;
            if (((uint)failure.HResult >> 23) == Library && reason is >= 0 and <= byte.MaxValue)
            {
                return (byte)reason;
            }
        }

        return null;
    }

    public static string Name(byte alert) =>
        alert switch
        {
            0 => "close_notify",
            10 => "unexpected_message",
            20 => "bad_record_mac",
            22 => "record_overflow",
            40 => "handshake_failure",
            42 => "bad_certificate",
            43 => "unsupported_certificate",
            44 => "certificate_revoked",
            45 => "certificate_expired",
            46 => "certificate_unknown",
            47 => "illegal_parameter",
            48 => "unknown_ca",
            49 => "access_denied",
            50 => "decode_error",
            51 => "decrypt_error",
            70 => "protocol_version",
            71 => "insufficient_security",
            80 => "internal_error",
            86 => "inappropriate_fallback",
            90 => "user_canceled",
            100 => "no_renegotiation",
            109 => "missing_extension",
            110 => "unsupported_extension",
            112 => "unrecognized_name",
            113 => "bad_certificate_status_response",
            115 => "unknown_psk_identity",
            116 => "certificate_required",
            120 => "no_application_protocol",
            121 => "ech_required",
            _ => $"alert {alert}",
        };
}

using Fulcrum.Api.Status;

namespace Fulcrum.Output;

/// <summary>TLS handshakes as people read them.</summary>
internal static class Handshakes
{
    /// <summary>How many came to their end, and how many of them were short ones.</summary>
    public static string Count(TlsStatus? tls) =>
        tls is null ? ""
        : tls.Resumed == 0 ? Amounts.Count(tls.Handshakes)
        : $"{Amounts.Count(tls.Handshakes)} ({Amounts.Count(tls.Resumed)} resumed)";

    /// <summary>Why how many did not, the commonest reason first.</summary>
    public static string Failures(TlsStatus? tls)
    {
        if (tls is null)
        {
            return "";
        }

        var reasons = tls.Timeouts > 0 ? tls.Failures.Append(new("timeout", tls.Timeouts)) : tls.Failures;
        return string.Join(
            ", ",
            reasons.OrderByDescending(one => one.Value).Select(one => $"{Amounts.Count(one.Value)} {one.Key}")
        );
    }
}

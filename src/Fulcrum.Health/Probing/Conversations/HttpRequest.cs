using System.Text;
using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Probing.Conversations;

/// <summary>The request of a check, written once. The connection goes to the backend, whatever the request names.</summary>
internal static class HttpRequest
{
    public static byte[] Write(HttpProbe probe, string endpoint)
    {
        var host = HostOf(probe, endpoint);
        var target = probe.ProxyForm ? $"http://{host}{probe.Path}" : probe.Path;
        var text = new StringBuilder();
        text.Append(probe.Method).Append(' ').Append(target).Append(" HTTP/1.1\r\n");
        foreach (var (name, value) in Headers(probe, host))
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(probe.Body).ToString());
    }

    /// <summary>The same for HTTP/2 (RFC 9113 section 8.3.1).</summary>
    public static IEnumerable<(string Name, string Value)> Fields(HttpProbe probe, string endpoint)
    {
        var host = HostOf(probe, endpoint);
        IEnumerable<(string, string)> pseudo =
        [
            (":method", probe.Method),
            (":scheme", probe.Tls is null ? "http" : "https"),
            (":path", probe.Path),
            (":authority", host),
        ];
        return pseudo.Concat(
            Headers(probe, host).Where(field => !Is(field.Name, "Host") && !Is(field.Name, "Connection"))
        );
    }

    /// <summary>Whom the request names: who is asked for, else who is asked.</summary>
    public static string HostOf(HttpProbe probe, string endpoint) => Own(probe, "Host") ?? probe.Host ?? endpoint;

    // What the user says himself is not said twice.
    private static IEnumerable<(string Name, string Value)> Headers(HttpProbe probe, string host)
    {
        yield return ("Host", host);
        if (Own(probe, "User-Agent") is null)
        {
            yield return ("User-Agent", "fulcrum");
        }

        yield return ("Connection", "close");
        foreach (var (name, value) in probe.Headers)
        {
            if (!Is(name, "Host") && !Is(name, "Connection") && !Is(name, "Content-Length"))
            {
                yield return (name, value);
            }
        }

        if (probe.Body is { } body)
        {
            yield return ("Content-Length", $"{Encoding.UTF8.GetByteCount(body)}");
        }
    }

    private static string? Own(HttpProbe probe, string wanted)
    {
        foreach (var (name, value) in probe.Headers)
        {
            if (Is(name, wanted))
            {
                return value;
            }
        }

        return null;
    }

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}

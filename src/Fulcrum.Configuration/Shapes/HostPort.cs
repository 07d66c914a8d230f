using System.Net;
using System.Net.Sockets;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>
/// Where something is reached: <c>10.0.0.1:80</c>, <c>[2001:db8::1]:80</c>, <c>web.example.com:80</c>, each also
/// without port (an IPv6 address then needs no brackets), or the path of a Unix socket.
/// </summary>
internal sealed record HostPort(HostAddress Host, int? Port)
{
    public static ScalarShape<HostPort> Shape { get; } =
        new(
            "an address such as 10.0.0.1:80, [2001:db8::1]:80, web.example.com:80 or /run/web.sock",
            Parse,
            value => value.ToString()
        )
        {
            Name = "host-and-port",
            Pattern = @"/.+|[0-9A-Fa-f:.]+|[A-Za-z0-9_.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?",
        };

    /// <summary>The same, kept as text.</summary>
    public static ScalarShape<string> Text { get; } =
        new("an address such as 10.0.0.1:53 or ns1.example.com", ParseKept, text => text) { Pattern = Shape.Pattern };

    /// <summary>An IP address; port 0 stands for none.</summary>
    public static ScalarShape<IPEndPoint> EndPointWithOptionalPort { get; } =
        new("an IP address, with or without a port", ParseEndPoint, FormatEndPoint) { Pattern = Shape.Pattern };

    public static bool TryParse(string text, out HostPort value, out string? why)
    {
        value = null!;
        why = null;
        if (text.StartsWith('/'))
        {
            value = new(HostAddress.Of(text), null);
            return !text.Any(char.IsControl);
        }

        if (Networks.TryParse(text, out var bare))
        {
            value = new(HostAddress.Of(bare), null);
            return true;
        }

        var host = text.AsSpan();
        int? port = null;
        // Behind the bracket of an IPv6 address, else behind the only colon.
        var colon = text.StartsWith('[') ? text.IndexOf("]:", StringComparison.Ordinal) + 1 : text.IndexOf(':');
        if (colon > 0)
        {
            if (!Networks.TryParsePort(host[(colon + 1)..], 1, out var number))
            {
                why = "the port is not a number from 1 to 65535";
                return false;
            }

            port = number;
            host = host[..colon];
        }

        if (host is ['[', .. var inner, ']'])
        {
            var isIpv6 =
                Networks.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
            value = new(HostAddress.Of(address), port);
            return isIpv6;
        }

        if (Networks.TryParse(host, out var ip))
        {
            value = new(HostAddress.Of(ip), port);
            return ip.AddressFamily == AddressFamily.InterNetwork;
        }

        if (!HostNames.IsValid(host))
        {
            return false;
        }

        value = new(HostAddress.Of(host.ToString()), port);
        return true;
    }

    public override string ToString() =>
        Port is not { } port ? Host.ToString()
        : Host.Ip is { AddressFamily: AddressFamily.InterNetworkV6 } ? $"[{Host}]:{port}"
        : $"{Host}:{port}";

    private static bool Parse(string text, out HostPort value, out string? why) => TryParse(text, out value, out why);

    private static bool ParseKept(string text, out string value, out string? why)
    {
        value = text;
        return TryParse(text, out _, out why);
    }

    private static bool ParseEndPoint(string text, out IPEndPoint value, out string? why)
    {
        value = null!;
        if (!TryParse(text, out var place, out why) || place.Host.Ip is not { } address)
        {
            return false;
        }

        value = new(address, place.Port ?? 0);
        return true;
    }

    private static string FormatEndPoint(IPEndPoint endPoint) =>
        endPoint.Port == 0 ? endPoint.Address.ToString() : endPoint.ToString();
}

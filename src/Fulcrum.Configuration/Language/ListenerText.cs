using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Language;

/// <summary>
/// The address of a listener in one word: <c>tcp://192.0.2.1:80</c>, <c>udp://[2001:db8::1]:8000-8010</c>,
/// <c>tcp://:53</c> for every address, <c>tcp://192.0.2.1:*</c> for every port, <c>udp://198.51.100.0/24:53</c> or
/// <c>udp://[2001:db8::/64]:53</c> for every address of a prefix, <c>unix:/run/app.sock</c>,
/// <c>unix:@name</c> for a name in the abstract namespace,
/// <c>mark://256</c>, <c>ip://192.0.2.1</c>. Only http and https have ports of their own, which may be left out.
/// </summary>
internal static class ListenerText
{
    /// <summary>Of a Unix socket, without the zero at its end (unix(7)).</summary>
    private const int LongestPath = 107;

    /// <summary>All of it becomes this machine's.</summary>
    private const int ShortestPrefix = 8;

    private static readonly (string Prefix, ListenerProtocol Protocol)[] Schemes =
    [
        .. Enum.GetValues<ListenerProtocol>().Select(protocol => (PrefixOf(protocol), protocol)),
    ];

    public static ScalarShape<Listener> Shape { get; } =
        new(
            "a listener such as tcp://0.0.0.0:8080, udp://[2001:db8::1]:53 or unix:/run/app.sock",
            Parse,
            listener => listener.ToString()
        )
        {
            Name = "listener-address",
            Pattern = $"({string.Join('|', Schemes.Select(scheme => scheme.Prefix))})[^\\s]*",
            Examples = ["tcp://0.0.0.0:8080", "https://192.0.2.80:443", "udp://[2001:db8::1]:53"],
        };

    private static string PrefixOf(ListenerProtocol protocol) =>
        protocol switch
        {
            ListenerProtocol.Unix => "unix:",
            ListenerProtocol.UnixDatagram => "unix-datagram:",
            ListenerProtocol.UnixSeqpacket => "unix-seqpacket:",
            _ => $"{protocol.ToString().ToLowerInvariant()}://",
        };

    private static bool Parse(string text, out Listener value, out string? why)
    {
        foreach (var (prefix, protocol) in Schemes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return ParseRest(protocol, text[prefix.Length..], out value, out why);
            }
        }

        value = null!;
        var end = text.IndexOf("://", StringComparison.Ordinal);
        why = end < 0 ? "no protocol" : $"'{Nodes.ScalarNode.Shorten(text[..end])}' is no protocol";
        return false;
    }

    private static bool ParseRest(ListenerProtocol protocol, string rest, out Listener value, out string? why)
    {
        why = null;
        value = new Listener { Protocol = protocol };
        switch (protocol)
        {
            case ListenerProtocol.Unix or ListenerProtocol.UnixDatagram or ListenerProtocol.UnixSeqpacket:
                value = value with { Path = rest };
                why =
                    Encoding.UTF8.GetByteCount(rest) > LongestPath
                        ? $"the kernel takes paths of at most {LongestPath} bytes"
                        : null;
                return why is null
                    && rest is ['/' or '@', _, ..]
                    && !rest.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter));
            case ListenerProtocol.Mark:
                // Tools that set marks print them in hexadecimal.
                var isHex = rest.StartsWith("0x", StringComparison.Ordinal);
                var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
                var digits = isHex ? rest.AsSpan(2) : rest;
                var isMark = uint.TryParse(digits, style, CultureInfo.InvariantCulture, out var mark) && mark > 0;
                value = value with { Mark = mark };
                why = isMark ? null : "a mark is a number from 1 to 4294967295";
                return isMark;
            case ListenerProtocol.Ip:
                value = value with { Address = AddressOf(rest, out var isAddress) };
                return isAddress;
            default:
                return ParseAddress(rest, ref value, out why);
        }
    }

    private static bool ParseAddress(string rest, ref Listener value, out string? why)
    {
        why = null;
        var colon = rest.LastIndexOf(':');
        if (colon <= rest.LastIndexOf(']'))
        {
            colon = -1;
        }

        var host = colon < 0 ? rest : rest[..colon];
        if (colon >= 0)
        {
            if (!Networks.TryParsePorts(rest.AsSpan(colon + 1), out var ports))
            {
                why = "ports are numbers from 1 to 65535, a range of them, or *";
                return false;
            }

            value = value with { Ports = ports };
        }
        else if (value.Protocol is ListenerProtocol.Http or ListenerProtocol.Https)
        {
            value = value with { Ports = PortRange.Of(value.Protocol == ListenerProtocol.Http ? 80 : 443) };
        }
        else
        {
            why = "no port";
            return false;
        }

        if (host.Contains('/', StringComparison.Ordinal))
        {
            return ParsePrefix(host, ref value, out why);
        }

        value = value with { Address = AddressOf(host, out var isAddress) };
        why = isAddress ? null : "listeners have IP addresses (IPv6 in brackets), or none";
        return isAddress;
    }

    private static bool ParsePrefix(string host, ref Listener value, out string? why)
    {
        var isBracketed = host is ['[', .., ']'];
        var text = isBracketed ? host[1..^1] : host;
        if (
            IPNetwork.TryParse(text, out var network)
            && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out var written)
            && written.Equals(network.BaseAddress)
        )
        {
            value = value with { Address = network.BaseAddress, PrefixLength = network.PrefixLength };
            why =
                isBracketed != (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
                    ? "prefixes of IPv6 stand in brackets, such as [2001:db8::/64]"
                : network.PrefixLength < ShortestPrefix ? $"a prefix has at least {ShortestPrefix} bits"
                : null;
            return why is null;
        }

        why = "a prefix is an address without any bits beyond its length, such as 198.51.100.0/24 or [2001:db8::/64]";
        return false;
    }

    // Empty or a star: every local address.
    private static IPAddress? AddressOf(string text, out bool isValid)
    {
        isValid = true;
        if (text is "" or "*")
        {
            return null;
        }

        var isBracketed = text is ['[', .., ']'];
        isValid = Networks.TryParse(isBracketed ? text.AsSpan(1, text.Length - 2) : text, out var address);
        isValid &= isBracketed == (address.AddressFamily == AddressFamily.InterNetworkV6);
        return address;
    }
}

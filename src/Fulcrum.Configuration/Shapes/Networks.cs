using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Addresses, prefixes, ports and names of hosts, in their usual text forms.</summary>
internal static class Networks
{
    private const string IpPattern = "[0-9A-Fa-f:.]+";

    public static ScalarShape<IPAddress> Address { get; } =
        new("an IP address", ParseAddress, address => address.ToString())
        {
            Name = "ip-address",
            Pattern = IpPattern,
            Examples = ["192.0.2.1", "2001:db8::1"],
        };

    /// <summary>A network, without host bits: <c>10.0.0.0/8</c>; an address alone is a network of one.</summary>
    public static ScalarShape<IPNetwork> Prefix { get; } =
        new("a network such as 192.0.2.0/24, or an IP address", ParsePrefix, prefix => prefix.ToString())
        {
            Name = "network",
            Pattern = $"{IpPattern}(/[0-9]+)?",
        };

    /// <summary>An address with the length of its network, host bits kept.</summary>
    public static ScalarShape<InterfaceAddress> InterfaceAddress { get; } =
        new("an address such as 192.0.2.80/24", ParseInterfaceAddress, address => address.ToString())
        {
            Name = "interface-address",
            Pattern = $"{IpPattern}(/[0-9]+)?",
        };

    /// <summary><c>192.0.2.10-192.0.2.20</c>, <c>192.0.2.0/24</c> or one address.</summary>
    public static ScalarShape<AddressRange> Range { get; } =
        new("addresses such as 192.0.2.10-192.0.2.20 or 192.0.2.0/24", ParseRange, range => range.ToString())
        {
            Name = "address-range",
            Pattern = $"{IpPattern}(-{IpPattern}|/[0-9]+)?",
        };

    public static ScalarShape<IPEndPoint> EndPoint { get; } =
        new("an address and port such as 127.0.0.1:7400 or [::1]:7400", ParseEndPoint, FormatEndPoint)
        {
            Name = "end-point",
            Pattern = @"[0-9.]+:[0-9]+|\[[0-9A-Fa-f:.]+\]:[0-9]+",
        };

    public static ScalarShape<string> HostName { get; } =
        new("a host name", ParseHostName, name => name) { Name = "host-name", Pattern = HostNames.Pattern };

    /// <summary>What authorities certify: a host name, or all names one label below it.</summary>
    public static ScalarShape<string> CertifiedName { get; } =
        new("a host name such as www.example.com, or *.example.com", ParseCertifiedName, name => name)
        {
            Name = "certified-name",
            Pattern = @"(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
        };

    public static ScalarShape<PortRange> Ports { get; } =
        new("a port such as 80, a range such as 8000-8010, or *", ParsePorts, ports => ports.ToString())
        {
            Name = "ports",
            Types = ["integer"],
            Pattern = @"[0-9]+(-[0-9]+)?|\*",
            Minimum = 0,
            Maximum = 65535,
        };

    /// <summary>HTTP status codes.</summary>
    public static ScalarShape<PortRange> Codes { get; } =
        new("a status such as 200, or a range such as 200-299", ParseCodes, codes => codes.ToString())
        {
            Name = "http-codes",
            Types = ["integer"],
            Pattern = "[0-9]+(-[0-9]+)?",
            Minimum = 100,
            Maximum = 999,
        };

    /// <summary>Strict: four decimal numbers without leading zeros, or RFC 4291 text without a zone.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains('%') || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        address = parsed;
        return parsed.AddressFamily == AddressFamily.InterNetworkV6 ? !text.Contains('[') : IsDotted(text);
    }

    public static bool TryParsePort(ReadOnlySpan<char> text, int minimum, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port >= minimum
        && port <= 65535;

    public static bool TryParsePorts(ReadOnlySpan<char> text, out PortRange ports) =>
        TryParseRange(text, 1, 65535, out ports);

    // "010.0.0.1" is octal for some readers and decimal for others, and "127.1" hides two numbers.
    private static bool IsDotted(ReadOnlySpan<char> text)
    {
        var parts = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                parts++;
            }
            else if (
                !char.IsAsciiDigit(text[i])
                || (text[i] == '0' && (i == 0 || text[i - 1] == '.') && i + 1 < text.Length && text[i + 1] != '.')
            )
            {
                return false;
            }
        }

        return parts == 4;
    }

    private static bool ParseAddress(string text, out IPAddress value, out string? why)
    {
        why = null;
        return TryParse(text, out value);
    }

    private static bool ParsePrefix(string text, out IPNetwork value, out string? why)
    {
        value = default;
        if (!ParseInterfaceAddress(text, out var address, out why))
        {
            return false;
        }

        if (
            !IPNetwork.TryParse($"{address.Address}/{address.Length}", out value)
            || !value.BaseAddress.Equals(address.Address)
        )
        {
            why = $"bits are set beyond the first {address.Length}";
            return false;
        }

        return true;
    }

    private static bool ParseInterfaceAddress(string text, out InterfaceAddress value, out string? why)
    {
        value = null!;
        why = null;
        var slash = text.IndexOf('/');
        if (!TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return false;
        }

        var bits = Model.Values.InterfaceAddress.BitsOf(address);
        var length = bits;
        if (
            slash >= 0
            && (
                !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || length > bits
            )
        )
        {
            why = $"the length is not one from 0 to {bits}";
            return false;
        }

        value = new(address, length);
        return true;
    }

    private static bool ParseRange(string text, out AddressRange value, out string? why)
    {
        value = null!;
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            if (!ParsePrefix(text, out var prefix, out why))
            {
                return false;
            }

            value = new(prefix.BaseAddress, LastOf(prefix));
            return true;
        }

        why = null;
        if (!TryParse(text.AsSpan(0, dash), out var first) || !TryParse(text.AsSpan(dash + 1), out var last))
        {
            return false;
        }

        if (first.AddressFamily != last.AddressFamily)
        {
            why = "one is IPv4, the other IPv6";
            return false;
        }

        if (first.GetAddressBytes().AsSpan().SequenceCompareTo(last.GetAddressBytes()) > 0)
        {
            why = "the first is behind the last";
            return false;
        }

        value = new(first, last);
        return true;
    }

    private static IPAddress LastOf(IPNetwork prefix)
    {
        var bytes = prefix.BaseAddress.GetAddressBytes();
        for (var bit = prefix.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new(bytes);
    }

    private static bool ParseEndPoint(string text, out IPEndPoint value, out string? why)
    {
        value = null!;
        why = null;
        if (!HostPort.TryParse(text, out var host, out why) || host.Host.Ip is not { } address)
        {
            return false;
        }

        if (host.Port is not { } port)
        {
            why = "no port";
            return false;
        }

        value = new(address, port);
        return true;
    }

    private static string FormatEndPoint(IPEndPoint endPoint) => endPoint.ToString();

    private static bool ParseHostName(string text, out string value, out string? why)
    {
        value = text;
        why = null;
        return HostNames.IsValid(text);
    }

    // Authorities certify names of hosts alone (RFC 1123), and none of a single label.
    private static bool ParseCertifiedName(string text, out string value, out string? why)
    {
        value = text;
        why = null;
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        return HostNames.IsValid(name) && !name.EndsWith(".") && name.Contains('.') && !name.Contains('_');
    }

    private static bool ParsePorts(string text, out PortRange value, out string? why)
    {
        why = null;
        return TryParseRange(text, 1, 65535, out value);
    }

    private static bool ParseCodes(string text, out PortRange value, out string? why)
    {
        why = null;
        value = default;
        return text != "*" && TryParseRange(text, 100, 999, out value);
    }

    private static bool TryParseRange(ReadOnlySpan<char> text, int minimum, int maximum, out PortRange range)
    {
        range = PortRange.Every;
        if (text is "*")
        {
            return true;
        }

        var dash = text.IndexOf('-');
        var head = dash < 0 ? text : text[..dash];
        var tail = dash < 0 ? text : text[(dash + 1)..];
        if (
            !TryParsePort(head, minimum, out var first)
            || !TryParsePort(tail, minimum, out var last)
            || first > last
            || last > maximum
        )
        {
            return false;
        }

        range = new(first, last);
        return true;
    }
}

using System.Globalization;
using System.Text;

namespace Fulcrum.Protocols.Dns;

/// <summary>
/// Domain names as text and on the wire: labels of 1 to 63 octets behind their lengths, and the empty label of the
/// root as the end, 255 octets together (RFC 1035 section 3.1). Any octet may stand in a label (RFC 2181 section 11);
/// in text a dot within a label is <c>\.</c>, and what cannot be read is <c>\DDD</c> (RFC 1035 section 5.1).
/// Names are equal whatever the case of their ASCII letters (RFC 4343): the text of a decoded name is in lower case,
/// so equal names have equal texts.
/// </summary>
public static class DnsName
{
    internal const int MaxLength = 255;
    internal const int MaxLabel = 63;

    /// <summary>Why this is no domain name; null when it is one.</summary>
    public static string? Problem(string name)
    {
        _ = TryEncode(name, out var problem);
        return problem;
    }

    /// <summary>The text that the name would be decoded to; null when it is no domain name.</summary>
    internal static string? Canonical(string name) =>
        TryEncode(name, out var problem) is var octets && problem is null ? ToText(octets) : null;

    /// <summary>The name on the wire, or the problem.</summary>
    internal static byte[] TryEncode(string name, out string? problem)
    {
        var octets = new List<byte>();
        var label = new List<byte>();
        problem = name is "" ? "a domain name is empty" : null;
        var at = name is "." ? 1 : 0;
        while (problem is null && (at < name.Length || label.Count > 0))
        {
            if (at < name.Length && name[at] != '.')
            {
                problem = TryOctet(name, ref at, out var octet)
                    ? null
                    : "a domain name has a character that needs \\DDD";
                label.Add(octet);
                continue;
            }

            at++;
            problem = label.Count switch
            {
                0 => "a domain name has an empty label",
                > MaxLabel => $"a domain name has a label of more than {MaxLabel} octets",
                _ => null,
            };
            octets.Add((byte)label.Count);
            octets.AddRange(label);
            label.Clear();
        }

        octets.Add(0);
        problem ??= octets.Count > MaxLength ? $"a domain name has more than {MaxLength} octets" : null;
        return [.. octets];
    }

    /// <summary>The text of a well-formed name.</summary>
    internal static string ToText(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder();
        while (octets[0] != 0)
        {
            _ = text.Length == 0 ? text : text.Append('.');
            foreach (var octet in octets[1..(octets[0] + 1)])
            {
                _ = octet switch
                {
                    (byte)'.' or (byte)'\\' => text.Append('\\').Append((char)octet),
                    <= (byte)' ' or >= 0x7f => text.Append($"\\{octet:D3}"),
                    _ => text.Append(char.ToLowerInvariant((char)octet)),
                };
            }

            octets = octets[(octets[0] + 1)..];
        }

        return text.Length == 0 ? "." : text.ToString();
    }

    private static bool TryOctet(string name, ref int at, out byte octet)
    {
        var escaped = name[at] == '\\';
        if (escaped && at + 4 <= name.Length && TryNumber(name.AsSpan(at + 1, 3), out octet))
        {
            at += 4;
            return true;
        }

        at += escaped ? 1 : 0;
        var character = at < name.Length ? name[at] : '\0';
        at++;
        octet = (byte)character;
        return character is > ' ' and < '\x7f' && !(escaped && char.IsAsciiDigit(character));
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out byte number) =>
        byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

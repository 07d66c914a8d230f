using System.Globalization;
using System.Text;
using Fulcrum.Forwarding.Decapsulation;

namespace Fulcrum.Decapsulating;

/// <summary>What became of frames, in lines.</summary>
internal static class DecapText
{
    private static readonly (DecapsulatorReason Reason, string Words)[] Known =
    [
        (DecapsulatorReason.TakenIPv4InIPv4, "taken off: IPv4 in IPv4"),
        (DecapsulatorReason.TakenIPv6InIPv4, "taken off: IPv6 in IPv4"),
        (DecapsulatorReason.TakenIPv4InIPv6, "taken off: IPv4 in IPv6"),
        (DecapsulatorReason.TakenIPv6InIPv6, "taken off: IPv6 in IPv6"),
        (DecapsulatorReason.TakenGueInIPv4, "taken off: GUE in IPv4"),
        (DecapsulatorReason.TakenGueInIPv6, "taken off: GUE in IPv6"),
        (DecapsulatorReason.DroppedDenied, "dropped: for a vip, but from none of the balancers (--from)"),
        (DecapsulatorReason.DroppedCut, "dropped: what is inside is longer than what is outside"),
        (DecapsulatorReason.DroppedChecksum, "dropped: the outer header is damaged"),
        (DecapsulatorReason.DroppedCongestion, "dropped: congested, and what is inside cannot tell (RFC 6040)"),
        (DecapsulatorReason.DroppedNoRoom, "dropped: the kernel could not take the header off"),
        (DecapsulatorReason.PassedNotVip, "left: a tunnel to another address (--vip)"),
        (DecapsulatorReason.PassedOuter, "left: a tunnel's fragment, or with options"),
        (DecapsulatorReason.PassedNotTunnel, "left: no tunnel"),
        (DecapsulatorReason.PassedNotIP, "left: not IP"),
        (DecapsulatorReason.PassedNotUnicast, "left: to many, or to another host"),
        (DecapsulatorReason.PassedCut, "left: too short"),
    ];

    /// <summary>A line for each that came.</summary>
    public static string Of(Func<DecapsulatorReason, ulong> count)
    {
        var text = new StringBuilder();
        foreach (var (reason, words) in Known)
        {
            if (count(reason) is var number and > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{number, 12}  {words}\n");
            }
        }

        return text.Length == 0 ? "no packet came\n" : text.ToString();
    }
}

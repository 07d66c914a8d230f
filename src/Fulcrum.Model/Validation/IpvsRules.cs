using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Model.Validation;

/// <summary>What the kernel takes of time-outs and synchronisation.</summary>
internal static class IpvsRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using var at = findings.In("ipvs");
        var ipvs = snapshot.Ipvs;
        CheckTimeout(findings, "tcp-timeout", ipvs.TcpTimeout);
        CheckTimeout(findings, "tcp-fin-timeout", ipvs.TcpFinTimeout);
        CheckTimeout(findings, "udp-timeout", ipvs.UdpTimeout);
        if (ipvs.Sync is { } sync)
        {
            using var field = findings.In("sync");
            CheckNumber(findings, "id", sync.Id, 0, 255);
            CheckNumber(findings, "port", sync.Port, 1, 65535);
            CheckNumber(findings, "ttl", sync.Ttl, 1, 255);
            if (!IsMulticast(sync.Group))
            {
                using var group = findings.In("group");
                findings.Error($"{sync.Group} is no multicast address", "one such as 224.0.0.81 or ff02::81");
            }
        }
    }

    private static void CheckTimeout(Findings findings, string key, TimeSpan? timeout)
    {
        if (timeout is { } some && (some <= TimeSpan.Zero || some.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            using var field = findings.In(key);
            findings.Error($"found {some.TotalSeconds} s", "whole seconds: the kernel counts no smaller");
        }
    }

    private static void CheckNumber(Findings findings, string key, int number, int least, int most)
    {
        if (number < least || number > most)
        {
            using var field = findings.In(key);
            findings.Error($"found {number}", $"{least} to {most}");
        }
    }

    private static bool IsMulticast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.IsIPv6Multicast
            : address.GetAddressBytes()[0] >> 4 == 0xE;
}

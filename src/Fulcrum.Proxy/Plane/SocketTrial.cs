using System.Globalization;
using System.Net.NetworkInformation;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// Tries, before anything changes, whether this kernel and these rights allow what a plan wants of its sockets: else every
/// connection would fail, each for itself.
/// </summary>
internal static class SocketTrial
{
    /// <summary>Bits of net.ipv4.tcp_fastopen (ip-sysctl).</summary>
    private const int FastOpenClient = 1;
    private const int FastOpenServer = 2;

    /// <summary>Null: they do.</summary>
    public static Problem? Problem(Listener listener, ListenerPlan plan)
    {
        if (listener.Interface is { } device && InterfaceRefusal(device) is { } problem)
        {
            return problem;
        }
        var connects = plan.Destinations.SelectMany(destination => destination.Connects).Distinct().ToList();
        if (Refusal(plan.Tuning, isListener: true) is { } refused)
        {
            return refused;
        }
        foreach (var tuning in connects.Select(connect => connect.Tuning).Distinct())
        {
            if (Refusal(tuning, isListener: false) is { } refusal)
            {
                return refusal;
            }
        }
        return connects.Find(connect => connect.Ports is not null)?.Ports is { } ports ? PortsRefusal(ports) : null;
    }

    private static Problem? Refusal(TuningPlan tuning, bool isListener)
    {
        if (ReferenceEquals(tuning, TuningPlan.Plain))
        {
            return null;
        }
        if (tuning.OpensFast && FastOpenRefusal(isListener) is { } refusal)
        {
            return refusal;
        }
        var (result, option) = tuning.Try(SocketKind.Stream, SocketFamily.IPv4, isListener);
        return result >= 0
            ? null
            : new Problem
            {
                Path = "",
                Message = Text(result, option),
                Expected = (Errno)(-result) is Errno.NotPermitted or Errno.AccessDenied
                    ? "root, or the capability CAP_NET_ADMIN"
                    : null,
            };
    }

    private static Problem? InterfaceRefusal(string device)
    {
        var descriptor = SocketCalls.Open(SocketFamily.IPv4, SocketKind.Stream);
        var result = descriptor < 0 ? descriptor : SocketCalls.BindToInterface(descriptor, device);
        if (descriptor >= 0)
        {
            _ = SocketCalls.Close(descriptor);
        }
        var isAbsent = result == -(int)Errno.NoDevice;
        return result >= 0
            ? null
            : new Problem
            {
                Path = "",
                Message = isAbsent ? $"there is no interface '{device}'" : Text(result, "interface"),
                Expected = isAbsent
                    ? string.Join(", ", NetworkInterface.GetAllNetworkInterfaces().Select(one => one.Name))
                    : null,
            };
    }

    // A listener takes the option also where the machine then gives no cookies, and nothing would ever open fast.
    private static Problem? FastOpenRefusal(bool isListener)
    {
        const string File = "/proc/sys/net/ipv4/tcp_fastopen";
        var (bit, who) = isListener ? (FastOpenServer, "listeners") : (FastOpenClient, "connections to backends");
        var allowed = int.Parse(System.IO.File.ReadAllText(File), NumberStyles.Integer, CultureInfo.InvariantCulture);
        return (allowed & bit) != 0
            ? null
            : new Problem
            {
                Path = "",
                Message = $"this machine does not let {who} open fast: net.ipv4.tcp_fastopen is {allowed}",
                Expected = $"a net.ipv4.tcp_fastopen that holds {bit}, such as 3",
            };
    }

    // The kernel chooses among those that are in both ranges, and among its own where there is none (ip(7)).
    private static Problem? PortsRefusal(PortRange ports)
    {
        var own = ReadRange();
        if (ports.First < own.First || ports.Last > own.Last)
        {
            return new Problem
            {
                Path = "",
                Message = $"source-ports {ports} are not all among the ports that this machine connects from, {own}",
                Expected = $"ports among {own}, or another net.ipv4.ip_local_port_range",
            };
        }

        var descriptor = SocketCalls.Open(SocketFamily.IPv4, SocketKind.Stream);
        var result = descriptor < 0 ? descriptor : SocketCalls.Set(descriptor, SocketOption.LocalPortRange, 0);
        if (descriptor >= 0)
        {
            _ = SocketCalls.Close(descriptor);
        }
        return result >= 0
            ? null
            : new Problem
            {
                Path = "",
                Message = Text(result, "source-ports"),
                Expected = "Linux 6.3 or later",
            };
    }

    private static PortRange ReadRange()
    {
        var numbers = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new(
            int.Parse(numbers[0], CultureInfo.InvariantCulture),
            int.Parse(numbers[1], CultureInfo.InvariantCulture)
        );
    }

    private static string Text(int result, string option) =>
        new LinuxException((Errno)(-result), $"the kernel does not allow '{option}'").Message;
}

using Fulcrum.Linux;
using Fulcrum.Model.Services;

namespace Fulcrum.Forwarding.Xdp.Placing;

/// <summary>What the kernel means when it does not let a program stand at an interface.</summary>
internal static class Attaching
{
    public static string Explain(PlaneKind kind, GroundInterface place, LinuxException error) =>
        (kind, error.Error) switch
        {
            (PlaneKind.Tc, Errno.Busy) =>
                $"another balancer's filter stands at {place.Name} ('tc filter show dev {place.Name} ingress' shows it): {error.Message}",
            (PlaneKind.Tc, _) => $"{place.Name}: {error.Message}",
            (_, var errno) => ExplainDriver(place, errno, error.Message),
        };

    private static string ExplainDriver(GroundInterface place, Errno error, string message) =>
        error switch
        {
            Errno.Busy or Errno.Exists =>
                $"another XDP program stands at {place.Name} ('ip link show {place.Name}' has its number; 'ip link set {place.Name} xdp off' takes it away)",
            Errno.NotSupported =>
                $"the driver of {place.Name} runs no XDP programs (plane tc works there; 'xdp: {{ generic: true }}' lets the kernel run them, slowly)",
            Errno.Range or Errno.InvalidArgument =>
                $"the driver of {place.Name} runs no XDP program with an MTU of {place.Link?.Mtu} or with LRO on ('ip link set {place.Name} mtu 1500', 'ethtool -K {place.Name} lro off'): {message}",
            _ => $"{place.Name}: {message}",
        };
}

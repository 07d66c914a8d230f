using Fulcrum.Linux;

namespace Fulcrum.Health.Probing;

/// <summary>Why a connection failed, in the words of the field.</summary>
internal static class Errors
{
    public static string Describe(Errno error) =>
        error switch
        {
            Errno.ConnectionRefused => "connection refused",
            Errno.ConnectionReset => "connection reset",
            Errno.TimedOut => "timed out connecting",
            Errno.HostUnreachable => "no route to host",
            Errno.NetworkUnreachable => "network unreachable",
            Errno.AddressNotAvailable => "source address or port not available",
            _ => new LinuxException(error, "connect").Message,
        };
}

using Fulcrum.Linux;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>What an error of a socket says of the backend, in the words of the field.</summary>
internal static class SocketErrors
{
    public static ProbeResult Judge(Errno error) =>
        IsOurs(error) ? ProbeResult.Unclear(Describe(error)) : ProbeResult.Bad(Describe(error));

    public static string Describe(Errno error) =>
        error switch
        {
            Errno.ConnectionRefused => "connection refused",
            Errno.ConnectionReset or Errno.BrokenPipe => "connection reset",
            Errno.TimedOut => "timed out connecting",
            Errno.HostUnreachable or Errno.HostDown => "no route to host",
            Errno.NetworkUnreachable or Errno.NetworkDown => "network unreachable",
            Errno.NotFound => "no such socket",
            Errno.AddressNotAvailable => "source address or port not available",
            Errno.TooManyOpenFiles or Errno.SystemFileTableFull => "no descriptor is free on this machine",
            _ => new LinuxException(error, "socket").Message,
        };

    // What our own machine lacks or forbids condemns nobody.
    private static bool IsOurs(Errno error) =>
        error
            is Errno.TooManyOpenFiles
                or Errno.SystemFileTableFull
                or Errno.NoBufferSpace
                or Errno.OutOfMemory
                or Errno.AddressNotAvailable
                or Errno.AddressInUse
                or Errno.AccessDenied
                or Errno.NotPermitted
                or Errno.InvalidArgument
                or Errno.ProtocolNotSupported
                or Errno.FamilyNotSupported;
}

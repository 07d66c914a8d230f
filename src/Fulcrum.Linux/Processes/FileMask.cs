namespace Fulcrum.Linux.Processes;

/// <summary>umask(2): which permissions the files and sockets that this process makes do not get.</summary>
public static class FileMask
{
    /// <summary>From now on all for the owner and nothing for others, also between making a file and setting its mode.</summary>
    public static void OwnerOnly() => _ = Native.FileMask(0b000_111_111);
}

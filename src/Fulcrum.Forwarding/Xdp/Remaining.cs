namespace Fulcrum.Forwarding.Xdp;

/// <summary>Who is still served while everything drains.</summary>
internal static class Remaining
{
    /// <summary>Connections that the program knows, and whose client has not closed its side.</summary>
    /// <exception cref="Linux.LinuxException"/>
    public static int Count(XdpProgram program) => program.Connections.ToList().Count(entry => entry.Value.State == 0);
}

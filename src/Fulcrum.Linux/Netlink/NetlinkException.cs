namespace Fulcrum.Linux.Netlink;

/// <summary>The kernel refused a request, or did not answer it.</summary>
public sealed class NetlinkException : Exception
{
    public NetlinkException(NetlinkError reason, string action)
        : base($"{action}: {reason}")
    {
        Reason = reason;
    }

    public NetlinkException(Errno error, string text, string action)
        : this(new NetlinkError(error, text), action) { }

    /// <summary>What the kernel said.</summary>
    public NetlinkError Reason { get; }

    /// <summary>The number the kernel gave.</summary>
    public Errno Error => Reason.Error;
}

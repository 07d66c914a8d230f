namespace Fulcrum.Linux.Netlink;

/// <summary>What became of an object.</summary>
public enum NetlinkChangeKind
{
    /// <summary>Nothing is known any more: list them. This comes first, and after changes were lost.</summary>
    LookAnew,

    /// <summary>It is there, new or changed.</summary>
    Present,

    /// <summary>It is no more.</summary>
    Gone,
}

/// <summary>A change that the kernel told.</summary>
/// <param name="Item">The object; null when it is to be looked anew.</param>
public readonly record struct NetlinkChange<T>(NetlinkChangeKind Kind, T? Item)
    where T : class;

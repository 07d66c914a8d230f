namespace Fulcrum.Linux.Netlink;

/// <summary>
/// Flags of a message's header (netlink(7)). From 0x100 on they are those of a new object; of questions, deletions and
/// acknowledgements the same bits mean something else.
/// </summary>
[Flags]
public enum NetlinkFlags : ushort
{
    None = 0,
    Request = 0x01,
    Multipart = 0x02,
    Acknowledge = 0x04,

    /// <summary>Of an answer: what was dumped changed meanwhile, so something may be missing or told twice.</summary>
    DumpInterrupted = 0x10,

    /// <summary>Of a question: all objects.</summary>
    Dump = 0x300,

    /// <summary>Of a new object: in the place of one that is there.</summary>
    Replace = 0x100,

    /// <summary>Of a new object: only if none is there.</summary>
    Exclusive = 0x200,
    Create = 0x400,
    Append = 0x800,
}

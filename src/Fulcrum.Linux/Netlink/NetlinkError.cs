using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Netlink;

/// <summary>
/// How the kernel refused a request: a number, and since Linux 4.12 often a sentence and the place in the request that
/// it does not like (NETLINK_EXT_ACK).
/// </summary>
/// <param name="Text">The kernel's sentence, if it gave one.</param>
/// <param name="Offset">Where in the request the attribute is that it refused.</param>
/// <param name="MissingAttribute">The number of an attribute that it missed.</param>
public sealed record NetlinkError(Errno Error, string? Text = null, int? Offset = null, int? MissingAttribute = null)
{
    /// <summary>Of an acknowledgement: the request that failed is not repeated beyond its header.</summary>
    internal const NetlinkFlags Capped = (NetlinkFlags)0x100;

    /// <summary>Of an acknowledgement or an end: attributes follow that say more.</summary>
    internal const NetlinkFlags Extended = (NetlinkFlags)0x200;

    private const int TextAttribute = 1;
    private const int OffsetAttribute = 2;
    private const int MissingTypeAttribute = 5;

    public override string ToString() =>
        Text is null
            ? $"{Marshal.GetPInvokeErrorMessage((int)Error)} ({(int)Error})"
            : $"{Text} ({Marshal.GetPInvokeErrorMessage((int)Error)}, {(int)Error})";

    /// <summary>
    /// Reads an acknowledgement, or the end of a dump, which has the same number. False: it is neither, or not whole.
    /// No error means that all is well.
    /// </summary>
    internal static bool TryDecode(in NetlinkMessage message, out NetlinkError? error)
    {
        error = null;
        var body = message.Body;
        if (message.Type is not (NetlinkMessage.ErrorType or NetlinkMessage.DoneType) || body.Length < sizeof(int))
        {
            return false;
        }

        var number = MemoryMarshal.Read<int>(body);
        if (number is > 0 or int.MinValue)
        {
            return false;
        }

        if (number == 0)
        {
            return true;
        }

        var more = body[sizeof(int)..];
        if (message.Type == NetlinkMessage.ErrorType && !TrySkipRequest(ref more, message.Flags))
        {
            return false;
        }

        error = new((Errno)(-number));
        if (!message.Flags.HasFlag(Extended))
        {
            return true;
        }

        var attributes = new AttributeReader(more);
        while (attributes.Next())
        {
            error = attributes.Type switch
            {
                TextAttribute => error with { Text = attributes.Text() },
                OffsetAttribute => error with { Offset = attributes.Int32() },
                MissingTypeAttribute => error with { MissingAttribute = attributes.Int32() },
                _ => error,
            };
        }

        return attributes.IsWhole;
    }

    // The request's header stands in every error, the rest of the request only where it is not capped.
    private static bool TrySkipRequest(ref ReadOnlySpan<byte> more, NetlinkFlags flags)
    {
        if (more.Length < NetlinkMessage.HeaderLength)
        {
            return false;
        }

        var request = MemoryMarshal.Read<uint>(more);
        var length = flags.HasFlag(Capped) ? NetlinkMessage.HeaderLength : request;
        if (length > (uint)more.Length)
        {
            return false;
        }

        more = more[Math.Min(NetlinkMessage.Aligned((int)length), more.Length)..];
        return true;
    }
}

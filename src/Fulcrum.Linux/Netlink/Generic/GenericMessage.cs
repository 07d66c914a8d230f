namespace Fulcrum.Linux.Netlink.Generic;

/// <summary>What stands before the attributes in generic netlink: <c>struct genlmsghdr</c>.</summary>
public static class GenericMessage
{
    private const int HeaderLength = 4;

    public static void Write(NetlinkWriter writer, byte command, byte version)
    {
        var header = writer.Structure(HeaderLength);
        header[0] = command;
        header[1] = version;
    }

    /// <summary>False: there is no header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out byte command, out AttributeReader attributes)
    {
        command = 0;
        attributes = default;
        if (body.Length < HeaderLength)
        {
            return false;
        }

        command = body[0];
        attributes = new(body[HeaderLength..]);
        return true;
    }
}

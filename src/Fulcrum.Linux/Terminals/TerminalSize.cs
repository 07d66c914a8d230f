namespace Fulcrum.Linux.Terminals;

/// <summary>How large a terminal is now, as ioctl_tty(2) tells it. Asked anew each time: a window may be resized.</summary>
public static unsafe class TerminalSize
{
    // TIOCGWINSZ and struct winsize: rows, columns, and both in pixels, two bytes each.
    private const nuint GetWindowSize = 0x5413;

    /// <summary>Null: it is no terminal, or one that does not know.</summary>
    public static (int Columns, int Rows)? Of(int descriptor)
    {
        var size = stackalloc ushort[4];
        return Native.Control(descriptor, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0
            ? (size[1], size[0])
            : null;
    }
}

namespace Fulcrum.Linux.Files;

/// <summary>What makes a file the same one, whatever it is called: its device and its number there (inode(7)).</summary>
public sealed record FileIdentity(long Device, long Number)
{
    private const int CurrentFolder = -100;
    private const uint Inode = 0x100;
    private const int EmptyPath = 0x1000;

    // Of struct statx, in units of eight bytes: stx_ino; stx_dev_major with stx_dev_minor.
    private const int NumberField = 4;
    private const int DeviceField = 17;

    /// <summary>Null: there is none of that name, or it cannot be told.</summary>
    public static FileIdentity? Of(string path) => Of(CurrentFolder, path, 0);

    /// <summary>Of what is open: copies of a descriptor are the same. Null: it is none.</summary>
    public static FileIdentity? Of(int descriptor) => Of(descriptor, "", EmptyPath);

    private static unsafe FileIdentity? Of(int folder, string path, int flags)
    {
        var status = stackalloc long[32];
        return Native.StatX(folder, path, flags, Inode, status) == 0
            ? new(status[DeviceField], status[NumberField])
            : null;
    }
}
